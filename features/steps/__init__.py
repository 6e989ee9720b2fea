"""The words of the features: one module a subject, one to five lines a step.

Given brings about, When acts once, Then only looks. Steps speak to the `ctx` alone;
what a word stands for (an instant, a count, a resource) is read in `words`.
"""
