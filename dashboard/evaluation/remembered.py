"""What each batch of a version found, kept for the evaluation that begins with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.evaluation.memory import MODEL, Memory, Reach, gaps
from dashboard.evaluation.runs import Runs
from dashboard.performance.cohorts import Timeline
from dashboard.rule import Verdicts
from dashboard.tally import Tally


def memories(
    counted: Tally,
    before: Memory | None,
    truth: Timeline,
    verdicts: Sequence[Verdicts],
    standing: Mapping[str, Runs],
    *,
    reach: Reach,
) -> list[Memory | None]:
    """What each batch that is judged found; None for a version's first.

    ``before`` is what the first of them found, ``standing`` the runs by rule, and under MODEL of the model's colour;
    days are kept as far as ``reach``.
    """
    held = {verdict.rule.key: standing[verdict.rule.key].packed(verdict.subjects) for verdict in verdicts}
    held[MODEL] = standing[MODEL].packed((MODEL,), green=True)
    kept = {verdict.rule.key: verdict.kept for verdict in verdicts if verdict.kept is not None}
    judged = [day.toordinal() for day in counted.dates[counted.first :]]
    earlier = [] if before is None else [day.toordinal() for day in before.days()][::-1]
    days = [*earlier, *judged]
    found: list[Memory | None] = []
    for t in range(len(judged)):
        place = len(earlier) + t
        if place == 0:
            found.append(None)
            continue
        day = date.fromordinal(days[place - 1])
        complete, lacking, waiting = (
            None if cohort is None else cohort.first_day
            for cohort in (truth.newest_matured(day), truth.overdue(day), truth.longest_overdue(day))
        )
        found.append(
            Memory(
                day,
                gaps(days, place, reach),
                complete,
                lacking,
                waiting,
                {key: packed[t] for key, packed in held.items() if t in packed},
                {key: states[t] for key, states in kept.items() if states[t]},
            )
        )
    return found
