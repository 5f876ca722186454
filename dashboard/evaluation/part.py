"""The part of a model that may come out differently: from which day on, what was stored of it, and which truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from dashboard.evaluation.due import Due, Standing
from dashboard.evaluation.measure_rows import Key
from dashboard.evaluation.memory import Memory, parse_memory
from dashboard.evaluation.stored import StoredCohort, by_model, stored_cohorts, stored_health
from dashboard.evaluation.touched import Touched, by_length, by_span, strangers, touched
from dashboard.history import Cohort
from dashboard.performance.cohort_verdicts import judge_cohort, parse_judged
from dashboard.performance.cohorts import matures_on
from dashboard.performance.truth import cohorts_of, end_of
from dashboard.told import baselines_of, training_of
from qod.warehouse import Warehouse

COHORT_DAYS: Final = 62
"""Two months: the newest cohort that counts seldom ended longer ago than its outcome window and these."""


@dataclass(slots=True)
class Part:
    """What is known of a part of a model; it grows as the tables are read.

    ``since`` is its first day. ``fresh`` are the cohorts counted anew and ``stored`` those that were, of the days of
    ``touched.blocks`` and of all others that count in it. ``held`` are the batches stored in it, ``before`` is by
    version what the first of its batches found.
    """

    due: Due
    standing: Standing
    touched: Touched
    since: date
    fresh: dict[Key, Cohort] = field(default_factory=dict)
    stored: dict[Key, StoredCohort] = field(default_factory=dict)
    held: list[dict[str, Any]] = field(default_factory=list)
    before: dict[str, Memory | None] = field(default_factory=dict)

    def counted_anew(self, day: date) -> bool:
        """Whether the cohort that begins on a day is one of those counted anew."""
        return any(first <= day <= last for first, last in self.touched.blocks)

    def cohorts(self, version: str) -> list[Cohort]:
        """The cohorts of a version: those counted anew, and of the others what was made of them."""
        anew = [cohort for (of, _), cohort in self.fresh.items() if of == version]
        return anew + [
            _stored(cohort_id, row)
            for (of, cohort_id), row in self.stored.items()
            if of == version and not self.counted_anew(row[0])
        ]


def _stored(cohort_id: str, row: StoredCohort) -> Cohort:
    first_day, last_day, predicted, known, verdict = row
    return Cohort(cohort_id, first_day, last_day, predicted, known, judged=parse_judged(verdict))


def parts_of(warehouse: Warehouse, dues: Sequence[Due]) -> dict[str, Part]:
    """By model: what its changes touch. A model that has to be evaluated from nothing has none."""
    strange = {due.model.model_id: names for due in dues if (names := strangers(due))}
    places: dict[str, list[dict[str, Any]]] = {}
    if strange:
        batches = sorted({name for names in strange.values() for name in names})
        places = by_model(warehouse.query("evaluated_places", models=sorted(strange), batches=batches).to_pylist())
    found = {}
    for due in dues:
        name, standing = due.model.model_id, due.standing
        if standing is None or due.changes is None:
            continue
        if standing.mark.truth is not None and standing.mark.truth <= due.as_of:
            continue  # a truth that was delivered before its day counts now, of whichever batch
        stood = {(row["model_version"], row["batch_id"]): row["batch_date"] for row in places.get(name, ())}
        touches = touched(due, standing, stood)
        if touches is not None:
            found[name] = Part(due, standing, touches, touches.since)
    return found


def read_truth(
    warehouse: Warehouse, parts: dict[str, Part], versions: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> None:
    """Count the truth of the touched cohorts anew, and let each part begin where another truth counted.

    A truth about no day is about the first prediction of its entity, whenever that was: a model with such a truth about
    an entity scored in these days has no part any more.
    """
    for (since, until), models in by_span({name: part.touched.blocks for name, part in parts.items()}):
        for row in warehouse.query("undated_truth", models=models, since=since, until=until).to_pylist():
            part = parts.get(row["model_id"])
            if part is not None and (row["met"] or part.touched.again):
                del parts[row["model_id"]]
        left = [name for name in models if name in parts]
        if not left:
            continue
        known_before = end_of(parts[left[0]].due.as_of)
        met = warehouse.query("cohort_truth", models=left, since=since, until=until, known_before=known_before)
        anew = cohorts_of(met, {name: parts[name].due.model for name in left})
        for (name, version), cohorts in anew.items():
            row = versions[name].get(version)
            if row is None:
                continue
            model, training = parts[name].due.model, training_of(row)
            baselines = baselines_of(row["baselines"], row["baselines_of"])
            for cohort in cohorts:
                judged = judge_cohort(cohort, baselines, training, model)
                plain = replace(cohort, data=None, predicted_scores=None, judged=judged)
                parts[name].fresh[version, cohort.cohort_id] = plain
        for name, stored in stored_cohorts(warehouse, left, (since, until)).items():
            parts[name].stored |= stored
    for part in parts.values():
        part.since = min([part.since, *_other_truth(part)])


def _other_truth(part: Part) -> list[date]:
    """The days from which on cohorts that changed, came or went count."""
    found = []
    for key in part.fresh.keys() | part.stored.keys():
        new, row = part.fresh.get(key), part.stored.get(key)
        old = None if row is None else _stored(key[1], row)
        if new is not None and old is not None and new.first_day == old.first_day:
            if new != old:
                found.append(matures_on(new, part.due.model))
        else:
            found += [cohort.first_day for cohort in (new, old) if cohort is not None]
    return found


def read_health(warehouse: Warehouse, parts: dict[str, Part]) -> None:
    """Read what is stored of each part, and what the first batch of each of its versions found.

    A part of which that is not known is evaluated from nothing.
    """
    if not parts:
        return
    as_of = next(iter(parts.values())).due.as_of
    for since, models in by_length({name: part.since for name, part in parts.items()}, as_of):
        rows = stored_health(warehouse, models, since)
        for name in models:
            part = parts[name]
            part.held = [row for row in rows.get(name, ()) if row["batch_date"] >= part.since]
            if not _remembered(part):
                del parts[name]


def _remembered(part: Part) -> bool:
    """Fill in what the first batch of each version found; False where one is missing."""
    first: dict[str, dict[str, Any]] = {}
    for row in part.held:
        first.setdefault(row["model_version"], row)
    for version, span in part.standing.mark.versions.items():
        if span is None:
            part.before[version] = None
        elif span[1] >= part.since:
            if version not in first:
                return False
            part.before[version] = parse_memory(first[version]["memory"])
            if part.before[version] is None and span[0] < part.since:
                return False
    return True


def read_cohorts(warehouse: Warehouse, parts: Mapping[str, Part]) -> None:
    """Read what was made of the cohorts that count in each part, or begin to."""
    if not parts:
        return
    needs, single = {}, {}
    for name, part in parts.items():
        memories = [memory for memory in part.before.values() if memory is not None]
        day = min([part.since, *(memory.day for memory in memories)])
        needs[name] = day - timedelta(days=min(part.due.model.outcome_window_days + COHORT_DAYS, day.toordinal() - 1))
        counted = {first for memory in memories for first in memory.cohorts if first is not None}
        single[name] = [(first, first) for first in counted if first < needs[name]]
    as_of = next(iter(parts.values())).due.as_of
    for since, models in by_length(needs, as_of):
        for name, stored in stored_cohorts(warehouse, models, (since, date.max)).items():
            parts[name].stored |= stored
    for span, models in by_span(single):
        for name, stored in stored_cohorts(warehouse, models, span).items():
            parts[name].stored |= stored
