"""Why a batch has its colour: each finding with the steps that lead to it, and the policy it was judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard import rules
from dashboard.all_measures import all_measures
from dashboard.evaluation.health import rank
from dashboard.evaluation.whole import layers_of
from dashboard.finding import Finding, from_row
from dashboard.judged_by import has_changed
from dashboard.policy import KEYS, Policy
from dashboard.rule import FAMILIES
from dashboard.say import say
from dashboard.stated import Origin, origins, policy_from
from dashboard.text import Text
from qod.errors import InputError, UnknownNameError, VigieError
from qod.warehouse import Warehouse

BY_VARIABLE: Final = frozenset(key.place for key in KEYS if key.by_variable)

SECTIONS: Final = {"too_few_rows": "drift", "immature": "performance", "late": "freshness"}
"""The policy's section of each rule that has none of its own name."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding, its sentence, the steps that lead to its colour, and the policy's values in force for it.

    ``changed``: these are not the values it was judged by.
    """

    finding: Finding
    sentence: Text
    steps: tuple[Text, ...]
    policy: tuple[Origin, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of a subject; None where there is no value."""

    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A batch and its colours; the reasons, the first to tell at the front, or those about one ``subject`` alone.

    Of a subject ``measures`` are all there is, and ``policy`` what may differ between variables. ``off`` are the rules
    that do not judge it, or without a subject the model.
    """

    model_id: str
    model_version: str
    batch_id: str
    batch_date: date
    colour: str
    families: dict[str, str]
    since: date
    headline: Text
    reasons: tuple[Reason, ...]
    subject: str | None = None
    measures: tuple[Measured, ...] = ()
    policy: tuple[Origin, ...] = ()
    off: tuple[Origin, ...] = ()


def explain(
    warehouse: Warehouse,
    model_id: str,
    *,
    batch: str | None = None,
    version: str | None = None,
    subject: str | None = None,
) -> Explanation:
    """Why the newest batch of a model, or the one named, has its colour, as the last evaluation stored it.

    Raises UnknownNameError for a model, version, batch or subject that is not there, InputError for a batch that
    several versions have, VigieError for a model without any evaluated batch.
    """
    layers = layers_of(warehouse, model_id)
    policy, values = policy_from(*layers.values()), origins(layers)
    row = _row(warehouse, model_id, batch, version)
    day = row["batch_date"]
    key = {"model_version": row["model_version"], "batch_id": row["batch_id"], "batch_date": day}
    stored = warehouse.query("model_findings", model_id=model_id, **key).to_pylist()
    found = sorted(map(from_row, stored), key=lambda one: rank(one, light=policy.importance_light))
    measures: Sequence[tuple[Any, ...]] = ()
    if subject is not None:
        references = warehouse.query("variables", model_id=model_id).to_pylist()
        table = warehouse.query("measures", model_id=model_id, since=day, until=day)
        of_key = (key["model_version"], key["batch_id"])
        of_batch = [one for one in all_measures(table, references) if one[:2] == of_key]
        known = {one[3] for one in of_batch} | {finding.subject for finding in found}
        if subject not in known | {"batch", "model"}:
            raise UnknownNameError("subject", subject, known)
        found = [finding for finding in found if finding.subject == subject]
        measures = [one for one in of_batch if one[3] == subject]
    return Explanation(
        model_id,
        **key,
        colour=row["colour"],
        families={family: row[family] for family in FAMILIES},
        since=row["since"],
        headline=Text(row["headline_en"], row["headline_fr"]),
        reasons=tuple(_reason(finding, policy, values) for finding in found),
        subject=subject,
        measures=tuple(Measured(*one[4:]) for one in measures),
        policy=tuple(one for one in _of_subject(values, subject) if one.key in BY_VARIABLE) if subject else (),
        off=tuple(one for one in values if one.value is False and one.variable in ("", subject)),
    )


def _row(warehouse: Warehouse, model_id: str, batch: str | None, version: str | None) -> dict[str, Any]:
    """The health of the batch that is meant."""
    rows = warehouse.query("model_health", model_id=model_id, since=date.min).to_pylist()
    if not rows:
        raise VigieError(f"No batch of model {model_id!r} was evaluated yet.", hint="run 'vigie evaluate'.")
    versions = {row["model_version"] for row in rows}
    if version is not None and version not in versions:
        raise UnknownNameError("version", version, versions)
    of_version = [row for row in rows if version in (None, row["model_version"])]
    meant = [row for row in of_version if batch in (None, row["batch_id"])]
    if not meant:
        raise UnknownNameError("batch", str(batch), [row["batch_id"] for row in of_version])
    if batch is not None and len(meant) > 1:
        names = ", ".join(sorted(repr(row["model_version"]) for row in meant))
        raise InputError(f"batch {batch!r} is there of versions {names}.", hint="say which with --version.")
    newest: dict[str, Any] = meant[0]
    return newest


def _reason(finding: Finding, policy: Policy, values: Sequence[Origin]) -> Reason:
    section = SECTIONS.get(finding.rule, finding.rule)
    of = tuple(one for one in _of_subject(values, finding.subject) if one.key.partition(".")[0] == section)
    try:
        steps = rules.derivation(finding)
    except KeyError:
        steps = (_OLDER,)
    if finding.colour == "red" and finding.weight is not None and finding.weight < policy.importance_light:
        light = {"weight": finding.weight, "light": policy.importance_light}
        steps = (*steps, say(_LIGHT, light, near=finding.batch_date))
    return Reason(finding, rules.sentence(finding), steps, of, has_changed(finding, policy))


def _of_subject(values: Sequence[Origin], subject: str) -> list[Origin]:
    """The thresholds that hold for a subject: its own, and those of all that it has not."""
    own = {one.key: one for one in values if one.variable == subject}
    return [own.get(one.key, one) for one in values if not one.variable and not one.key.startswith("rules.")]


_OLDER: Final = Text(
    "An earlier release stored this finding without the numbers of its derivation: run 'vigie evaluate'.",
    "Une version antérieure a enregistré ce constat sans les nombres de sa démonstration : lancer « vigie evaluate ».",
)
_LIGHT: Final = Text(
    "Its importance is {weight:share}, below {light:share}: for the model this red counts amber.",
    "Son importance est de {weight:share}, sous {light:share} : pour le modèle, ce rouge compte comme orange.",
)
