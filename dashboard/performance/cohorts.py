"""Which cohort's truth counts on which day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

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


LEAST_PATIENCE_DAYS: Final = 7


def patience_days(model: ModelEntry) -> int:
    """How long truth may be overdue before it counts as stopped: half the outcome window, and a week at least."""
    return max(LEAST_PATIENCE_DAYS, -(-model.outcome_window_days // 2))


@dataclass(frozen=True, slots=True)
class Timeline:
    """A version's cohorts from the oldest to the newest, and what is settled about them on any day.

    ``finals`` are the days they mature, in the same order; ``judged[i]`` and ``lacking[i]`` are the newest of the
    first ``i`` cohorts with and without enough truth, ``waiting[i]`` the oldest without that is newer than the newest
    with. ``window_days`` is the outcome window, ``patience_days`` how long truth may be overdue.
    """

    cohorts: tuple[Cohort, ...]
    finals: tuple[date, ...]
    judged: tuple[Cohort | None, ...]
    lacking: tuple[Cohort | None, ...]
    waiting: tuple[Cohort | None, ...]
    window_days: int
    patience_days: int

    def newest_matured(self, day: date) -> Cohort | None:
        """The newest cohort that counts on ``day``: its outcome window has passed and enough outcomes are known."""
        return self.judged[bisect_right(self.finals, day)]

    def overdue(self, day: date) -> Cohort | None:
        """The newest cohort whose outcome window has passed on ``day`` though too little truth has come."""
        return self.lacking[bisect_right(self.finals, day)]

    def longest_overdue(self, day: date) -> Cohort | None:
        """The oldest cohort that is overdue on ``day`` and newer than the one that counts."""
        return self.waiting[bisect_right(self.finals, day)]

    def stopped(self, day: date) -> Cohort | None:
        """The cohort that has been overdue for so long on ``day`` that truth has stopped coming."""
        cohort = self.longest_overdue(day)
        return cohort if cohort is not None and self._stops_on(cohort) <= day else None

    def next_turn(self, day: date) -> date | None:
        """The first day after ``day`` on which a cohort's outcome window ends, or truth will have stopped coming."""
        place = bisect_right(self.finals, day)
        cohort = self.longest_overdue(day)
        turns = [*self.finals[place : place + 1], *([] if cohort is None else [self._stops_on(cohort)])]
        return min((turn for turn in turns if turn > day), default=None)

    def _stops_on(self, cohort: Cohort) -> date:
        return cohort.last_day + timedelta(days=self.window_days + self.patience_days)


def timeline(cohorts: Sequence[Cohort], model: ModelEntry) -> Timeline:
    """The timeline of ``cohorts``, given in any order."""
    ordered = tuple(sorted(cohorts, key=lambda cohort: (cohort.last_day, cohort.first_day, cohort.cohort_id)))
    judged: list[Cohort | None] = [None]
    lacking: list[Cohort | None] = [None]
    waiting: list[Cohort | None] = [None]
    for cohort in ordered:
        good = complete(cohort, model)
        judged.append(cohort if good else judged[-1])
        lacking.append(lacking[-1] if good else cohort)
        waiting.append(None if good else waiting[-1] or cohort)
    finals = tuple(matures_on(cohort, model) for cohort in ordered)
    return Timeline(
        ordered, finals, tuple(judged), tuple(lacking), tuple(waiting), model.outcome_window_days, patience_days(model)
    )
