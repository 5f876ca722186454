"""A cohort by segment: each segment's performance, the weakest, and what a change since then is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from dashboard import format as form
from dashboard import metrics
from dashboard.history import Training
from dashboard.metric import Unit
from dashboard.performance.segment_split import SPLIT, split_from_cohort, split_from_training, trained_names
from dashboard.performance.segments import Segment, segment_names, segments_of
from dashboard.performance.split import Split
from dashboard.performance.weakest import Weakest, weakest
from dashboard.say import say
from dashboard.text import Language, Text
from qod.segments import NONE


@dataclass(frozen=True, slots=True)
class SegmentReport:
    """The segments of a cohort, the largest first, the weakest of them, and by measure the split of its change.

    ``splits`` are against what the report was asked to compare with, of the measures that both sides have.
    """

    segments: tuple[Segment, ...]
    weakest: Weakest
    splits: dict[str, Split]

    @property
    def named(self) -> bool:
        """Whether any prediction of the cohort has a segment."""
        return any(segment.name != NONE for segment in self.segments)


def segment_report(
    rows: pa.Table, task: str, training: Training, *, before: pa.Table | None = None, since_training: bool = False
) -> SegmentReport:
    """The report of a cohort from its rows of ``segment_truth``.

    It compares with the rows of an earlier cohort, ``before``, or with the training rows where they were delivered by
    segment, ``since_training``; else it has no splits.
    """
    names = segment_names(rows)
    segments = segments_of(rows, task, names, training)
    splits: dict[str, Split | None] = {}
    if since_training and training.segments:
        pooled = segments_of(rows, task, trained_names(training.segments, names), training)
        splits = {key: split_from_training(key, training.segments, pooled) for key in SPLIT[task]}
    elif before is not None:
        both = segment_names(rows, before)
        then, now = (segments_of(side, task, both, training) for side in (before, rows))
        splits = {key: split_from_cohort(key, then, now) for key in SPLIT[task]}
    return SegmentReport(
        segments,
        weakest([segment.name for segment in segments], [segment.truth for segment in segments]),
        {key: split for key, split in splits.items() if split is not None},
    )


def split_sentences(key: str, split: Split) -> tuple[Text, ...]:
    """What the split of the measure ``key`` says: the change and its parts, and the segments that came and went."""
    name, write, _ = _written(key)
    values = {
        "name": name,
        "before": _both(write, split.before),
        "after": _both(write, split.after),
        **{part: change_of(key, getattr(split, part), split) for part in ("mix", "within", "new")},
        "came": ", ".join(map(form.name, split.came)),
        "went": ", ".join(map(form.name, split.went)),
    }
    templates = [
        _CHANGE_WITH_NEW if split.new else _CHANGE,
        *((_CAME,) if split.came else ()),
        *((_WENT,) if split.went else ()),
    ]
    return tuple(say(template, values, near=date.min) for template in templates)


def change_of(key: str, value: float, split: Split) -> Text:
    """A part of the change of the measure ``key`` with its sign: ``+.012``, ``\u22123 points``.

    A quantity has one decimal more than the measure itself had before: a change too small for that is none to tell.
    """
    write = _written(key)[2]
    if write is not form.quantity:
        return _signed(write, value)
    decimals = len(form.quantity(split.before, "en").partition(".")[2]) + 1
    return _signed(lambda part, language: form.decimal(part, language, digits=decimals), value)


Write = Callable[[float | None, Language], str]


def _written(key: str) -> tuple[Text, Write, Write]:
    """The name of a measure that can be split, how its values are written, and their differences."""
    metric = metrics.load().get(key)
    if metric is None:
        return _SQUARE, form.quantity, form.quantity
    return metric.name, *_WRITERS.get(metric.unit, (form.quantity, form.quantity))


def _index(value: float | None, language: Language) -> str:
    return form.index(value, language, digits=3)


_WRITERS: Final[dict[Unit, tuple[Write, Write]]] = {"share": (form.share, form.points), "index": (_index, _index)}


def _both(write: Write, value: float) -> Text:
    return Text(write(value, "en"), write(value, "fr"))


def _signed(write: Write, value: float) -> Text:
    # What is written as nothing, or as less than the smallest number shown, has no sign.
    size = write(abs(value), "en")
    sign = "" if size == write(0.0, "en") or size.startswith("<") else "+" if value > 0 else "\u2212"
    return Text(*(f"{sign}{write(abs(value), language)}" for language in ("en", "fr")))


_SQUARE: Final = Text("Mean squared error", "Erreur quadratique moyenne")
_CHANGE: Final = Text(
    "{name} went from {before} to {after}: {mix} by the mix of segments, {within} within segments.",
    "{name} : de {before} à {after}, dont {mix} par la composition des segments, {within} au sein des segments.",
)
_CHANGE_WITH_NEW: Final = Text(
    "{name} went from {before} to {after}: {mix} by the mix of segments, {within} within segments, {new} by what had "
    "no value before.",
    "{name} : de {before} à {after}, dont {mix} par la composition des segments, {within} au sein des segments, {new} "
    "par ce qui n'avait pas de valeur.",
)
_CAME: Final = Text("Segments that were not there before: {came}.", "Segments qui n'existaient pas avant : {came}.")
_WENT: Final = Text("Segments that are not there any more: {went}.", "Segments qui n'existent plus : {went}.")
