"""History under another policy: which batches would have had another colour. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Final

from dashboard.evaluation.assess import assess
from dashboard.evaluation.results import by_batch, key_of
from dashboard.finding import Finding
from dashboard.history import Assessment, ModelHistory
from dashboard.plural import plural
from dashboard.policy import Policy
from dashboard.say import say
from dashboard.text import Text

GREEN: Final = "green"

_CHANGES: Final = (
    Text(
        "{number:count} of {total:count} batch would have another colour.",
        "{number:count} lot sur {total:count} aurait une autre couleur.",
    ),
    Text(
        "{number:count} of {total:count} batches would have another colour.",
        "Lots qui auraient une autre couleur : {number:count} sur {total:count}.",
    ),
)


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """A subject that one rule gives another colour; green is no finding."""

    subject: str
    rule: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BatchChange:
    """A batch whose model colour is another one, and the subjects that make the difference.

    ``headline`` is the one under the other policy.
    """

    model_version: str
    batch_id: str
    batch_date: date
    before: str
    after: str
    headline: Text
    subjects: tuple[SubjectChange, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What another policy changes: of ``batches``, those with another colour, in the order of time.

    ``before`` and ``after`` count the batches by colour, ``subjects`` those in which a subject changes so, whether or
    not the model's own colour does.
    """

    batches: int
    changes: tuple[BatchChange, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    subjects: Mapping[SubjectChange, int]


def under(history: ModelHistory, policy: Policy) -> Assessment:
    """The assessment of a whole history as if ``policy`` had held all along."""
    return assess(replace(history, model=replace(history.model, policy=policy)))


def replay(history: ModelHistory, policy: Policy, *, since: date = date.min) -> Replay:
    """What ``policy`` changes of the history's own, of the batches from ``since`` on; both judge from its beginning."""
    return difference(assess(history), under(history, policy), since=since)


def difference(before: Assessment, after: Assessment, *, since: date = date.min) -> Replay:
    """What is different between two assessments of the same history, of the batches from ``since`` on."""
    was, now = by_batch(before.findings), by_batch(after.findings)
    old = {key_of(row): row.colour for row in before.health if row.batch_date >= since}
    new = sorted((row for row in after.health if row.batch_date >= since), key=attrgetter("age"))
    subjects = {key_of(row): _subjects(was.get(key_of(row), ()), now.get(key_of(row), ())) for row in new}
    changes = tuple(
        BatchChange(
            row.model_version,
            row.batch_id,
            row.batch_date,
            old[key_of(row)],
            row.colour,
            Text(row.headline_en, row.headline_fr),
            subjects[key_of(row)],
        )
        for row in new
        if old[key_of(row)] != row.colour
    )
    return Replay(
        len(new),
        changes,
        Counter(old.values()),
        Counter(row.colour for row in new),
        Counter(change for of_batch in subjects.values() for change in of_batch),
    )


def sentence(found: Replay) -> Text:
    """How many batches would have another colour."""
    values = {"number": len(found.changes), "total": found.batches}
    return say(plural(found.batches, *_CHANGES), values, near=date.min)


def _subjects(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[SubjectChange, ...]:
    old, new = ({(one.subject, one.rule): one.colour for one in found} for found in (before, after))
    colours = [(key, old.get(key, GREEN), new.get(key, GREEN)) for key in sorted({*old, *new})]
    return tuple(SubjectChange(*key, was, now) for key, was, now in colours if was != now)
