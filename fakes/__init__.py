"""Stateful lock vendors, down to the keypad; they know nothing of `service`."""
