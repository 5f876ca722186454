"""Values that a file of data may trip over."""

from __future__ import annotations

from dashboard.web.data import Data

NASTY = Data(
    ["name", "=HYPERLINK(1)", 'with "quotes"', "a,b"],
    [
        ["plain", 1, 0.1, None],
        ["=1+1", -2, 1.0, "+33 1"],
        ["-3", 0, 12345678.9, "@cmd"],
        ["\ttab", 7, 1e-7, "\rreturn"],
        ["line\nbreak", 8, 1e22, 'say "hi"'],
        ["\n=1+1", 3, 0.5, "\n"],
        ["comma, comma", 9, -0.25, "é — \u202e\u0627\U0001f525"],
        ["", float("nan"), float("inf"), "<script>alert(1)</script>"],
    ],
)
"""Formulas, quotes, breaks, numbers of all sizes, none, and names with markup."""
