"""Which cohort's truth counts on which day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.history import Cohort, ModelEntry


def matures_on(cohort: Cohort, model: ModelEntry) -> date:
    """The first day on which every outcome of the cohort should be known."""
    return cohort.last_day + timedelta(days=model.outcome_window_days)


def completeness(cohort: Cohort) -> float | None:
    """The share of the cohort's predictions whose outcome is known; None without predictions."""
    return cohort.known / cohort.predicted if cohort.predicted > 0 else None


def complete(cohort: Cohort, model: ModelEntry) -> bool:
    """Whether enough outcomes are known, whatever the day."""
    share = completeness(cohort)
    return share is not None and cohort.known > 0 and share >= model.policy.completeness


@dataclass(frozen=True, slots=True)
class Timeline:
    """A version's cohorts from the oldest to the newest, and what is settled about them on any day.

    ``finals`` are the days they mature, in the same order; ``judged[i]`` and ``lacking[i]`` are the newest of the
    first ``i`` cohorts with and without enough truth.
    """

    cohorts: tuple[Cohort, ...]
    finals: tuple[date, ...]
    judged: tuple[Cohort | None, ...]
    lacking: tuple[Cohort | None, ...]

    def newest_matured(self, day: date) -> Cohort | None:
        """The newest cohort that counts on ``day``: its outcome window has passed and enough outcomes are known."""
        return self.judged[bisect_right(self.finals, day)]

    def overdue(self, day: date) -> Cohort | None:
        """The newest cohort whose outcome window has passed on ``day`` though too little truth has come."""
        return self.lacking[bisect_right(self.finals, day)]

    def next_final(self, day: date) -> date | None:
        """The first day after ``day`` on which a cohort's outcome window ends."""
        place = bisect_right(self.finals, day)
        return self.finals[place] if place < len(self.finals) else None


def timeline(cohorts: Sequence[Cohort], model: ModelEntry) -> Timeline:
    """The timeline of ``cohorts``, given in any order."""
    ordered = tuple(sorted(cohorts, key=lambda cohort: (cohort.last_day, cohort.first_day, cohort.cohort_id)))
    judged: list[Cohort | None] = [None]
    lacking: list[Cohort | None] = [None]
    for cohort in ordered:
        good = complete(cohort, model)
        judged.append(cohort if good else judged[-1])
        lacking.append(lacking[-1] if good else cohort)
    finals = tuple(matures_on(cohort, model) for cohort in ordered)
    return Timeline(ordered, finals, tuple(judged), tuple(lacking))
