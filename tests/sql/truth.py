"""Predictions and their truth: late, repeated, undated, unknown, on both sides of a year."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any, Final

from tests.sql.rows import Row, day, moment, row

_OTHER: Final = row("predictions", model_id="other", entity_id="e1", score=0.875)


def _scored(entity: str, score: float | None, delivery: int = 1, /, **columns: Any) -> Row:
    return row("predictions", delivery, entity_id=entity, score=score, **columns)


def _known(entity: str, outcome: str | None, delivery: int = 5, /, **columns: Any) -> Row:
    return row("outcomes", delivery, entity_id=entity, outcome=outcome, **columns)


_B2: Final = {"batch_id": "b2", "batch_date": day(3, 9)}
_DECEMBER: Final = {"batch_id": "b0", "batch_date": date(2025, 12, 31)}
_JANUARY: Final = {"batch_id": "b01", "batch_date": day(1, 1)}
_SECOND: Final = {"model_version": "2", "batch_id": "b1", "batch_date": day(4, 6)}

BINARY: Final[tuple[Row, ...]] = (
    *(_scored("e1", 0.25), _scored("e2", 0.25), _scored("e3", 0.25), _scored("e4", 0.5), _scored("e5", None)),
    *(_scored("e6", 0.0), _scored("e7", 1.0), _scored("e8", 0.1234561), _scored("e9", 0.1234559)),
    *(_scored("e1", 0.75, **_B2), _scored("e2", 0.75, **_B2), _scored("gone", 0.75, **_B2)),
    # The batch was delivered again: without 'gone', and with other scores.
    *(_scored("e1", 0.625, 2, **_B2), _scored("e2", 0.5, 2, **_B2)),
    *(_scored("y1", 0.125, **_DECEMBER), _scored("y2", 0.125, **_JANUARY), _scored("y3", 0.125, **_DECEMBER)),
    *(_scored("e1", 0.375, **_SECOND), _scored("v2", 0.375, **_SECOND)),
    # The same entity twice on one day, in two batches.
    _scored("e1", 0.3125, batch_id="b1b"),
    _OTHER,
    _known("e1", "1"),
    _known("e2", "0"),
    _known("e3", None),
    _known("e4", "1", observed_at=None),
    _known("e5", "1"),
    _known("e6", "0", observed_at=moment(3, 19, 23, 59, 59, 999999)),
    _known("e7", "1", observed_at=moment(3, 21)),
    _known("e1", "1", **{"batch_date": day(3, 9)}),
    # Corrected twice: the last delivery holds, whenever it was observed; and one that took a truth back.
    _known("e2", "1", 6, observed_at=moment(3, 1)),
    _known("e2", "0", 7, observed_at=moment(2, 1)),
    _known("e8", "1", 5),
    _known("e8", None, 6),
    # Without a day: of the only prediction; of two predictions; of two days with two truths; of nobody.
    _known("y1", "1", batch_date=None),
    _known("e9", "0", batch_date=None, observed_at=None),
    _known("e1", "0", batch_date=None),
    _known("y2", "0", 5, batch_date=None),
    _known("y2", "1", 6, batch_date=None),
    _known("nobody", "1", batch_date=None),
    _known("nobody", "1"),
    row("outcomes", model_id="other", entity_id="v2", batch_date=day(4, 6), outcome="1"),
)
"""Scores of a binary model that tie, are NULL or were replaced, and truths of every kind."""

SEGMENTS: Final[tuple[Row, ...]] = (
    *BINARY,
    *(_scored("s1", 0.25, segment="south"), _scored("s2", 0.25, segment="south"), _scored("s3", 0.25, segment=None)),
    *(_scored("s4", 0.25, segment=""), _scored("s5", 0.25, segment="Süd"), _scored("s6", 0.25, segment="South")),
    *(_known("s1", "1"), _known("s2", "1"), _known("s3", "1"), _known("s4", "0"), _known("s5", "1"), _known("s6", "0")),
    # Scored twice, and a truth without a day: it is about the first time.
    *(_scored("t1", 0.25), _scored("t1", 0.75, 2, **_B2), _known("t1", "1", batch_date=None)),
)
"""The same in several segments, one of them no segment and one without a name."""

CLASSES: Final[tuple[Row, ...]] = (
    *(_scored("e1", None, prediction="a"), _scored("e2", None, prediction="a"), _scored("e3", None, prediction="b")),
    *(_scored("e4", None, prediction=None), _scored("e5", 0.5, prediction="é"), _scored("e6", None, prediction="A")),
    *(_scored("e1", None, prediction="b", **_DECEMBER), _scored("e1", None, prediction="b", **_JANUARY)),
    *(_known("e1", "a"), _known("e2", "b"), _known("e3", ""), _known("e4", "a"), _known("e5", "é")),
    *(_known("e1", "b", batch_date=_DECEMBER["batch_date"]), _known("e1", "a", batch_date=day(1, 1))),
)
"""Predicted classes and true ones: right, wrong, empty, in another case."""

_SURE: Final = {"probabilities": [0.25, 0.75]}
_NONE: Final = {"probabilities": []}

CHANCES: Final[tuple[Row, ...]] = (
    *(_scored("e1", None, prediction="a", **_SURE), _scored("e2", None, prediction="a", **_SURE)),
    *(_scored("e3", None, prediction="a", **_NONE), _scored("e4", None, prediction="a", **_NONE)),
    *(
        _scored("e5", None, prediction=None, probabilities=[0.1 + 0.2, 1 / 3, 5e-324]),
        _scored("e6", None, prediction="b"),
    ),
    # One entity in two batches of a day, and of a month.
    _scored("e1", None, prediction="a", probabilities=[0.5, 0.5], batch_id="b1b"),
    _scored("e1", None, prediction="a", probabilities=[0.125, 0.875], **_B2),
    *(_known("e1", "a"), _known("e3", "a"), _known("e4", "b"), _known("e5", "é")),
)
"""Predicted classes with probabilities and without."""

NUMBERS: Final[tuple[Row, ...]] = (
    *(_scored("e1", 1.5), _scored("e2", 0.1), _scored("e3", 0.7), _scored("e4", -1e6), _scored("e5", None)),
    *(_scored("e6", 3.0), _scored("e7", 2.5), _scored("e8", 4.0), _scored("e9", 5.0)),
    *(_scored("e1", 2.0, **_B2), _scored("e2", 2.0, **_B2), _scored("e3", 2.0, **_SECOND)),
    *(_known("e1", "1.25"), _known("e2", "0.3"), _known("e3", "-1e-3"), _known("e4", "1E6"), _known("e5", "2")),
    *(_known("e6", "no number"), _known("e7", ""), _known("e8", None), _known("e9", " 5 ")),
    *(_known("e1", "2", batch_date=day(3, 9)), _known("e2", "2.5", batch_date=day(3, 9))),
)
"""Predicted numbers and true ones: small, large, written in several ways, and texts that are none."""

CROWD: Final[tuple[Row, ...]] = tuple(
    itertools.chain.from_iterable(
        (_scored(f"e{place}", place * 0.0123456 + 0.0000005), _known(f"e{place}", str(place % 2)))
        for place in range(1, 60)
    )
)
"""Many scores, each as decimals go on the half between two millionths: whoever rounds them shows it."""
