"""The page behind a visit's link: PIN, LOGIN, the doors of that visit.

Invariants: it asks `visitors` at every step and decides nothing itself. It works
without its script; with the script nothing is reloaded and results are read out.
"""

from __future__ import annotations
