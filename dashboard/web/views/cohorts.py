"""How good versions were once the truth was known: the cohorts of a model in its main measure, and no more of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from dashboard.performance.cohort_views import CohortView, cohort_views
from dashboard.web.page import Request
from dashboard.web.views.judged_cohorts import judged_model
from dashboard.web.views.performance import MAIN


class MainCohort(NamedTuple):
    """One cohort of a version: its main measure with the 95 % interval, None where it has no value.

    ``mature`` says that it is final, ``overdue`` that it should be. A tuple, because hundreds are kept together and a
    cache opens tuples many times faster than dataclasses.
    """

    cohort_id: str
    first_day: date
    last_day: date
    mature: bool
    overdue: bool
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Cold:
    """The newest final cohort of a version, the mean of its main measure over all final ones, and how many they are.

    Each cohort counts once in the mean, whatever its rows. Cohorts that cannot be measured do not count.
    """

    newest: MainCohort
    mean: float
    cohorts: int


def main_cohorts(request: Request, entry: Mapping[str, Any]) -> dict[str, list[MainCohort]]:
    """By version, the cohorts of a model, oldest first; ``entry`` is its row of query ``fleet``."""

    def compute() -> dict[str, list[MainCohort]]:
        model, today = judged_model(request, entry)
        rows = request.read("evaluated_cohorts", models=[model.model_id], since=date.min, until=date.max).to_pylist()
        return by_version(cohort_views(rows, model, today=today), MAIN.get(model.task, "auc"), today=today)

    return request.reading.keep(("main_cohorts", entry["model_id"]), compute)


def by_version(views: Iterable[CohortView], main: str, *, today: date) -> dict[str, list[MainCohort]]:
    """The cohorts by version, in the order given; ``main`` is the key of the measure."""
    found: dict[str, list[MainCohort]] = {}
    for view in views:
        measured = view.realised.get(main)
        if measured is None or measured.value is None:
            value = low = high = None
        else:
            value, low, high = measured.value, measured.low, measured.high
        overdue = not view.mature and view.final_on <= today
        cohort = MainCohort(view.cohort_id, view.first_day, view.last_day, view.mature, overdue, value, low, high)
        found.setdefault(view.model_version, []).append(cohort)
    return found


def cold(cohorts: Sequence[MainCohort]) -> Cold | None:
    """What is known of a version from its ``cohorts``, oldest first; None while none is both final and measured."""
    final = [(row, row.value) for row in cohorts if row.mature and row.value is not None]
    if not final:
        return None
    return Cold(final[-1][0], sum(value for _, value in final) / len(final), len(final))
