"""Pairs of counts for property tests: zeros, one bin, tiny and huge numbers of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

Whole = npt.NDArray[np.int64]


@st.composite
def pairs(draw: Any, *, bins: int = 8, most: int = 10**9) -> tuple[Whole, Whole]:
    """Two sides of the same bins, each with at least one row."""
    size = draw(st.integers(1, bins))
    rows = st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 2000), st.integers(0, most))
    side = st.lists(rows, min_size=size, max_size=size).filter(any)
    return np.array(draw(side), np.int64), np.array(draw(side), np.int64)
