"""What a delivery touches: the days of the batches it changed, and the cohorts whose truth must be counted anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.evaluation.due import Due, Standing
from dashboard.evaluation.mark import Span, is_a_day, misnamed
from dashboard.performance.truth import first_day, last_day

Place = tuple[str, str]
"""(model_version, batch_id)."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What the changes of a model touch.

    ``since`` is the first day whose batches may come out differently for their counts: at the latest that of the
    newest batch, which was seen with the eyes of another day. ``blocks`` are spans of whole cohorts. ``truth`` spans
    the days of delivered outcomes. ``again`` says that batches of days were delivered that had been evaluated.
    """

    since: date
    blocks: tuple[Span, ...]
    truth: Span | None
    again: bool


def strangers(due: Due) -> list[str]:
    """The changed batches whose names do not say which day they stood for before."""
    return sorted({c.batch_id for c in due.changes or () if c.batch_id is not None and not is_a_day(c.batch_id)})


def touched(due: Due, standing: Standing, places: Mapping[Place, date]) -> Touched | None:
    """What the changes touch; None where they must be taken to touch everything.

    ``places`` are the days on which the changed batches stood before, where their names do not say so. A batch named
    after another day than its own, a truth about no day and a version that is not known touch everything.
    """
    mark, as_of = standing.mark, due.as_of
    batches: dict[Place, set[date]] = {}
    truths: list[Span] = []
    for change in due.changes or ():
        if change.table == "outcomes":
            if change.first is None or change.last is None:
                return None
            truths.append((change.first, change.last))
        elif change.model_version is None or change.batch_id is None or change.model_version not in mark.versions:
            return None
        else:
            days = batches.setdefault((change.model_version, change.batch_id), set())
            days |= {day for day in (change.first, change.last) if day is not None}
    if mark.misnamed or misnamed((batch, day) for (_, batch), days in batches.items() for day in days):
        return None
    for place, days in batches.items():
        days |= {places[place]} if place in places else set()
        if not days:
            return None
    of_batches = [day for days in batches.values() for day in days]
    ahead = [(standing.as_of + timedelta(days=1), as_of)] if mark.batch is not None and mark.batch <= as_of else []
    # A batch that was delivered before its day may be of any version.
    spans = [mark.versions[version] for version in (mark.versions if ahead else {version for version, _ in batches})]
    return Touched(
        min([standing.batch_date, *of_batches, *(span[1] for span in spans if span is not None)]),
        _whole_cohorts([*((day, day) for day in of_batches), *truths, *ahead], due.model.cohort, as_of),
        (min(first for first, _ in truths), max(last for _, last in truths)) if truths else None,
        any(day <= standing.batch_date for day in of_batches),
    )


def _whole_cohorts(spans: Iterable[Span], cohort: str, as_of: date) -> tuple[Span, ...]:
    """The spans of days, up to a day, widened to whole cohorts; those that meet are one."""
    wide = sorted(
        (first_day(cohort, first), min(last_day(cohort, first_day(cohort, min(last, as_of))), as_of))
        for first, last in spans
        if first <= as_of
    )
    merged: list[Span] = []
    for first, last in wide:
        if merged and first <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def by_span(blocks: Mapping[str, Sequence[Span]]) -> list[tuple[Span, list[str]]]:
    """The models that have the same block, for each."""
    found: dict[Span, list[str]] = {}
    for model_id, of_model in blocks.items():
        for block in of_model:
            found.setdefault(block, []).append(model_id)
    return sorted(found.items())


def by_length(days: Mapping[str, date], as_of: date) -> list[tuple[date, list[str]]]:
    """Models in groups, each to be read from one day on, at most about twice as far back as any of it needs."""
    found: dict[int, list[str]] = {}
    for model_id, day in days.items():
        found.setdefault(max((as_of - day).days, 1).bit_length(), []).append(model_id)
    return [(min(days[model_id] for model_id in group), group) for _, group in sorted(found.items())]
