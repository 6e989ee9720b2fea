"""The older interface, "API 3.5.0": bearer tokens, texts, everything by device."""
