"""Tests of a pytest plugin need pytest's own way of running pytest within a test."""

pytest_plugins = ["pytester"]
