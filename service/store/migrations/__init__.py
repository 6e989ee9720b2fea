"""The history of the tables, run at every start; a released step never changes."""
