"""The machinery that turns scenarios into verdicts, and verdicts into a report."""
