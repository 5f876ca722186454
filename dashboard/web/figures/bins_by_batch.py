"""A variable's distribution over time: bins by batches, as shares of the batch, of the bin, as rows or as change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from dashboard.text import Text
from dashboard.web.figures.frame import Panel, row_axis
from dashboard.web.figures.label import distinct, plain, shorten
from dashboard.web.figures.time_axis import TimeAxis

Mode = Literal["columns", "change", "rows", "counts"]
MODES: Final[tuple[Mode, ...]] = ("columns", "change", "rows", "counts")

TITLES: Final[dict[Mode, Text]] = {
    "columns": Text(en="Share of the batch's rows in each bin", fr="Part des lignes du lot dans chaque classe"),
    "change": Text(
        en="Change of each bin's share against training", fr="Écart de la part de chaque classe à l\u2019apprentissage"
    ),
    "rows": Text(en="Each bin's share, against its own highest", fr="Part de chaque classe, rapportée à son maximum"),
    "counts": Text(en="Rows in each bin", fr="Lignes dans chaque classe"),
}

ROW_PIXELS: Final = 22
LABEL_CHARACTERS: Final = 20

_ONE_WAY: Final = [[0.0, "rgba(74,127,181,0.03)"], [1.0, "rgba(74,127,181,1)"]]
_TWO_WAY: Final = [
    [0.0, "rgba(192,108,62,1)"],
    [0.5, "rgba(138,148,158,0.06)"],
    [1.0, "rgba(74,127,181,1)"],
]


def bins_by_batch(
    labels: Sequence[str],
    counts: npt.NDArray[np.int64],
    training: npt.NDArray[np.float64],
    *,
    axis: TimeAxis,
    mode: Mode,
    title: str,
) -> Panel:
    """The panel: one row a bin (``labels``, R, top first), one column a batch.

    ``counts`` (T, R) are the rows of each batch by bin, ``training`` (R,) the shares at training. A batch with no rows
    is bare.
    """
    names = distinct(labels)
    size = counts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = 100 * counts / size
    z, scale, low, high, template = _cells(mode, counts, shares, training)
    columns = [None if column is None or not size[column, 0] else column for column in axis.columns]
    table = z.T.tolist()
    heat: dict[str, Any] = {
        "type": "heatmap",
        "x": axis.heat_x(),
        "y": names,
        "z": [[None if column is None else row[column] for column in columns] for row in table],
        "zmin": low,
        "zmax": high,
        "colorscale": scale,
        "showscale": False,
        "zsmooth": False,
        "xgap": 1 if len(columns) <= 40 else 0,
        "ygap": 1,
        "hoverongaps": False,
        "hovertemplate": f"%{{y}}<br>%{{x}}<br>{template}<extra></extra>",
    }
    if mode == "rows":
        heat["customdata"] = [
            [None if column is None else row[column] for column in columns] for row in shares.T.round(1).tolist()
        ]
    short = [plain(shorten(label, LABEL_CHARACTERS)) for label in labels]
    return Panel(
        title=title,
        height=ROW_PIXELS * max(1, len(labels)),
        axis=row_axis(short, type="category", tickvals=names),
        traces=[heat],
    )


def _cells(
    mode: Mode, counts: npt.NDArray[np.int64], shares: npt.NDArray[np.float64], training: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[Any], list[list[object]], float, float, str]:
    """The cells (T, R), their colour scale with its bounds, and how a cell reads under the pointer."""
    if mode == "counts":
        return counts, _ONE_WAY, 0.0, scale_end(mode, counts, training), "%{z:,}"
    finite, end = np.nan_to_num(shares), 100 * scale_end(mode, counts, training)
    if mode == "change":
        return (finite - 100 * training).round(1), _TWO_WAY, -end, end, "%{z:+.1f} pt"
    if mode == "rows":
        highest = np.maximum(finite.max(axis=0, initial=0.0), 1e-9)
        return (finite / highest).round(2), _ONE_WAY, 0.0, 1.0, "%{customdata:.1f}\u202f%"
    return finite.round(1), _ONE_WAY, 0.0, end, "%{z:.1f}\u202f%"


def scale_end(mode: Mode, counts: npt.NDArray[np.int64], training: npt.NDArray[np.float64]) -> float:
    """What the strongest colour stands for: rows, or a share 0..1 (of ``change`` either way, of ``rows`` always 1)."""
    if mode == "counts":
        return float(counts.max(initial=1))
    if mode == "rows":
        return 1.0
    size = counts.sum(axis=1, keepdims=True)
    shares = (counts / np.maximum(size, 1))[size[:, 0] > 0]
    if mode == "change":
        return max(0.05, float(np.abs(shares - training).max(initial=0.0)))
    return max(0.01, float(shares.max(initial=0.0)))
