"""Rows of which training knew some: what a guard of churn v3 keeps, and what it sets aside."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import qod
from qod.frozen import Reference, reference_of
from qod.guard import Guard, HeldCounts, Rule, guard_of

DAY = date(2026, 11, 19)
MADE = datetime(2026, 11, 19, 6, tzinfo=UTC)
TRAINING = pd.DataFrame(
    {
        "gb": [0.0, 1.5, 40.0, 120.0] * 20,
        "brand": ["Apple", "Samsung", "Apple", "O'Neil `x`"] * 20,
        "code": [1, 2, 2, 3] * 20,
        "vip": [True, False] * 40,
        "score": np.linspace(0.1, 0.9, 80),
    }
)


def trained(frame: pd.DataFrame = TRAINING, **options: Any) -> Reference:
    """The reference of churn v3, trained on ``frame``."""
    named = {"categorical": ["code"], "score": "score", **options}
    return reference_of(qod.build_reference("churn", "v3", frame, task="binary", **named))


def whole(reference: Reference | None = None, *variables: str) -> Guard:
    """The guard of everything that it was trained on, or of these variables."""
    return guard_of("churn", "v3", reference or trained(), variables=variables or None, made_at=MADE)


def guard(*rules: Rule) -> Guard:
    """A guard of these rules."""
    return Guard("churn", "v3", MADE, rules)


def counts(found: HeldCounts) -> list[tuple[str, str, str | None, int]]:
    """What was held back, as tuples."""
    return [(one.variable, one.reason, one.level, one.rows) for one in found.counts]


ROWS = pd.DataFrame(
    {
        "gb": [1.0, 999.0, math.nan, -5.0, 120.0, 0.0],
        "brand": ["Apple", "Nothing", "Samsung", "Nothing", None, "O'Neil `x`"],
        "code": ["1", "2.0", "7", "2", "3", ""],
        "vip": ["TRUE", "false", "maybe", None, "True", "true"],
    },
    index=[10, 20, 30, 40, 50, 60],
)

WORDS = [
    "a",
    "b",
    "A",
    "true",
    "TRUE",
    "False",
    "1",
    "1.0",
    "2",
    "-3.5",
    "x'y",
    "x\\",
    "`",
    "é\u202e",
    "\n",
    "nan",
    "…",
]
LEVEL = st.none() | st.sampled_from(["", *WORDS])
NUMBER = st.none() | st.sampled_from([0.0, 1.0, 2.5, -7.0, 1e9, math.inf, -math.inf])
