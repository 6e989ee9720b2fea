"""The documented rules as Gherkin, and the harness that judges by them."""
