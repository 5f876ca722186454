"""The rule on row counts: a batch far smaller or larger than the batches before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER
from dashboard.finding import Finding
from dashboard.plural import rows_word
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text

RULE: Final = Rule(
    key="row_count",
    family="quality",
    name=Text("Row count", "Nombre de lignes"),
    meaning=Text(
        "The batch has less than half or more than twice the usual rows, and lies well outside what the last 28 "
        "batches had, so that quiet Sundays stay green: amber. An empty batch is always amber.",
        "Le lot a moins de la moitié ou plus du double des lignes habituelles, et sort nettement de ce qu'avaient les "
        "28 derniers lots, pour que les dimanches calmes restent verts : orange. Un lot vide est toujours orange.",
    ),
    colours=("amber",),
    condition=Text(
        "at least 7 earlier batches with rows, of which the last 28 give median M and 15 % and 85 % order statistics "
        "L, H; amber: rows < min(M / 2, 0.8 L) or rows > max(2 M, 1.25 H), or no rows",
        "au moins 7 lots antérieurs avec des lignes, dont les 28 derniers donnent la médiane M et les statistiques "
        "d'ordre à 15 % et 85 % L, H ; orange : lignes < min(M / 2, 0,8 L) ou lignes > max(2 M, 1,25 H), ou aucune "
        "ligne",
    ),
    source=Text("a robust rule of thumb", "une règle empirique robuste"),
    example=Text(
        "Usually 18,400 rows, on Sundays 7,000. A batch of 7,100: green. One of 3,000: amber.",
        "D'habitude 18 400 lignes, 7 000 le dimanche. Un lot de 7 100 : vert. Un lot de 3 000 : orange.",
    ),
)

ENOUGH: Final = 7
"""Earlier batches needed before anything is usual."""


def usual(rows: npt.NDArray[np.int64], *, window: int) -> npt.NDArray[np.float64]:
    """(T, 3): low order statistic, median and high one of up to ``window`` earlier batches that had rows.

    The order statistics are those at 15 and 85 % counted outwards, so that two low days of every seven are usual at
    any length of history. NaN with fewer than 7 earlier batches.
    """
    found = np.full((len(rows), 3), np.nan)
    filled = np.flatnonzero(rows > 0)
    padded = np.concatenate([np.full(window, np.nan), rows[filled].astype(float)])
    earlier = np.sort(np.lib.stride_tricks.sliding_window_view(padded, window), axis=-1)
    # Batch t comes after the batches with rows that stand before it.
    before = np.searchsorted(filled, np.arange(len(rows)))
    have = np.minimum(before, window)
    enough = have >= ENOUGH
    ordered, number = earlier[before[enough]], have[enough]
    edge = np.floor(0.15 * (number - 1)).astype(np.intp)
    pick = np.arange(len(ordered))
    middle = (ordered[pick, (number - 1) // 2] + ordered[pick, number // 2]) / 2
    found[enough] = np.column_stack([ordered[pick, edge], middle, ordered[pick, number - 1 - edge]])
    return found


def judge(
    rows: npt.NDArray[np.int64], policy: Policy, *, first: int = 0, kept: Sequence[int] | None = None
) -> Verdicts:
    """The verdicts on batches with these ``rows`` (T,), in order, from ``first`` on.

    What is ``kept`` are the row counts of the batches with rows before, as many as make what is usual.
    """
    window, before = policy.row_count_batches, list(kept or [])
    range_of = np.full((len(rows), 3), np.nan)
    range_of[first:] = usual(np.array([*before, *rows[first:]], np.int64), window=window)[len(before) :]
    low, middle, high = range_of.T
    left = []
    for count in rows[first:].tolist():
        left.append(before)
        before = [*before, count][-window:] if count else before
    with np.errstate(invalid="ignore"):
        few = rows < np.fmin(policy.row_count_low * middle, 0.8 * low)
        many = rows > np.fmax(policy.row_count_high * middle, 1.25 * high)
    empty = rows == 0
    codes = np.where(few | many | empty, np.int8(AMBER), np.int8(0))[:, None]
    numbers: dict[str, Any] = {"value": rows, "usual": middle, "usual_low": low, "usual_high": high, "empty": empty}
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(rows < middle, middle / np.maximum(rows, 1), rows / middle)
    return Verdicts(
        RULE,
        ("batch",),
        codes,
        {k: v[:, None] for k, v in numbers.items()},
        size=ratio[:, None] / 2,
        kept=left,
    )


def sentence(finding: Finding) -> Text:
    """``The batch of 19 November has 1,204 rows, usually 18,400: part of it is missing.``"""
    facts = finding.facts
    values = {**facts, "day": finding.batch_date, "rows": rows_word(facts["value"])}
    if facts["empty"]:
        return say(_EMPTY, values, near=finding.batch_date)
    return say(_FEW if facts["value"] < facts["usual"] else _MANY, values, near=finding.batch_date)


_EMPTY = Text(
    "The batch of {day:date} has no rows: check the scoring job's input.",
    "Le lot du {day:date} n'a aucune ligne : vérifier l'entrée du traitement.",
)
_FEW = Text(
    "The batch of {day:date} has {value:count} {rows}, usually {usual:count}: part of it may be missing.",
    "Le lot du {day:date} a {value:count} {rows}, {usual:count} d'habitude : il en manque peut-être une partie.",
)
_MANY = Text(
    "The batch of {day:date} has {value:count} {rows}, usually {usual:count}: rows may have come twice.",
    "Le lot du {day:date} a {value:count} {rows}, {usual:count} d'habitude : des lignes sont peut-être venues deux "
    "fois.",
)
