"""Which bin of its variable each row falls into."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qod.bins import Bins
from qod.columns import Where, levels, numbers, require_plain
from qod.counting import level_places
from qod.source import Source

Codes = npt.NDArray[np.uint8]
"""A bin of each row, (n,): a variable has at most 53, guard bins included."""


def row_codes(source: Source, name: str, bins: Bins) -> Codes:
    """The bin of each row of the column ``name``; counting them gives the counts of ``bins``."""
    where = Where(source.label, name)
    values = require_plain(source.column(name), where)
    if bins.kind == "numeric":
        array = numbers(values, where)
        codes = np.searchsorted(np.asarray(bins.edges, np.float64), array, side="left").astype(np.uint8)
        codes[np.isnan(array)] = bins.size - 1
        return codes
    of_level, texts = levels(values)
    return np.append(level_places(texts, bins), bins.size - 1).astype(np.uint8)[of_level]
