"""The policy simulator: what other thresholds would have made of a model's past batches. Nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa

from dashboard.evaluation.assess import assess
from dashboard.evaluation.measure_rows import Measures
from dashboard.evaluation.whole import newest_of
from dashboard.history import Assessment, HealthRow, ModelHistory
from dashboard.policy import KEYS, POLICY_KEYS, Policy
from dashboard.policy_key import Value, as_written
from dashboard.replay import Replay, difference, under
from dashboard.say import say
from dashboard.stated import RULES, VARIABLES, Place, Stated, origins, policy_from, setting
from dashboard.text import Text
from qod.errors import InputError, UnknownNameError

MOST_BATCHES: Final = 730
"""Batches that are judged anew at most, the newest: two years of days."""

_LARGE: Final = ("evaluated_counts", "evaluated_references", "cohort_truth")
"""Queries whose answers are large, and only good for making a history of them."""


_OF_COHORTS: Final = tuple(name for name in POLICY_KEYS.values() if name.startswith(("auc_", "accuracy_", "rmse_")))
"""The fields of the policy by which a cohort is judged."""


@dataclass(frozen=True, slots=True)
class Past:
    """A model's newest batches and what the policy in force makes of them; ``days`` are theirs, oldest first.

    In ``history`` the cohorts are judged already and their truth is left out: it is most of what there is to keep and
    to judge, and few trials are about it, see ``of_truth``.
    """

    history: ModelHistory
    in_force: Assessment
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Something that answers queries: ``read`` keeps its answers for others, ``once`` does not."""

    read: Callable[..., pa.Table]
    once: Callable[..., pa.Table]

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The answer of ``queries/<name>.sql``."""
        return (self.once if name in _LARGE else self.read)(name, **params)


def past_of(answers: Answers, entry: Mapping[str, Any]) -> Past:
    """The newest MOST_BATCHES batches of a model (a row of query ``fleet``), judged by the policy in force."""
    history = whole_of(answers, entry)
    found = assess(history)
    days = tuple(sorted(row.batch_date for row in found.health)[-MOST_BATCHES:])
    judged = {(row.model_version, row.cohort.cohort_id): row.judged for row in found.cohorts}
    versions = tuple(
        replace(
            version,
            cohorts=tuple(
                replace(
                    cohort,
                    data=None,
                    predicted_scores=None,
                    judged=judged[version.model_version, cohort.cohort_id],
                )
                for cohort in version.cohorts
            ),
        )
        for version in history.versions
    )
    return Past(replace(history, versions=versions), _colours(found), days)


def whole_of(answers: Answers, entry: Mapping[str, Any]) -> ModelHistory:
    """The same batches with the truth of their cohorts."""
    return newest_of(answers, entry, MOST_BATCHES)


def of_truth(past: Past, policy: Policy) -> bool:
    """Whether ``policy`` judges the cohorts in another way: that needs the whole history."""
    own = past.history.model.policy
    return any(getattr(policy, name) != getattr(own, name) for name in _OF_COHORTS)


def judged(history: ModelHistory, policy: Policy) -> Assessment:
    """What ``policy`` makes of a history, as far as a comparison needs it."""
    return _colours(under(history, policy))


def compared(past: Past, after: Assessment, *, last: int) -> Replay:
    """What is different from the policy in force in the ``last`` batches (0: all there are)."""
    return difference(past.in_force, after, since=_since(past, last))


def newest(past: Past, last: int) -> list[HealthRow]:
    """The ``last`` batches (0: all there are) as the policy in force has them, oldest first."""
    since = _since(past, last)
    rows = [row for row in past.in_force.health if row.batch_date >= since]
    return sorted(rows, key=attrgetter("age"))


def _since(past: Past, last: int) -> date:
    days = past.days[-last:]
    return days[0] if days else date.min


def variables_of(past: Past) -> tuple[str, ...]:
    """The variables of every version, in order."""
    return tuple(sorted({one.name for version in past.history.versions for one in version.variables}))


def read_trial(layers: Mapping[str, Stated], texts: Mapping[Place, str]) -> tuple[dict[Place, Value], Text | None]:
    """The values among ``texts`` that differ from those in force, and what is wrong with the first that cannot be used.

    ``layers`` are what the fleet and the model state.
    """
    in_force = {(one.variable, one.key): one.value for one in origins(layers)}
    tried: dict[Place, Value] = {}
    for (variable, key), text in texts.items():
        place = f"{VARIABLES}.{variable}.{key}" if variable else key
        try:
            _, value = setting(f"{place}={text}")
        except (InputError, UnknownNameError):
            return tried, say(_NOT_TAKEN, {"key": key, "expected": _expected(key)}, near=date.min)
        if value != in_force.get((variable, key), in_force.get(("", key))):
            tried[variable, key] = value
    return tried, None


def tried_policy(layers: Mapping[str, Stated], tried: Stated) -> Policy | Text:
    """The policy in force with the ``tried`` values; a sentence where they contradict one another."""
    try:
        return policy_from(*layers.values(), tried)
    except (InputError, UnknownNameError) as error:
        merged = {place: value for layer in (*layers.values(), tried) for place, value in layer.items()}
        return _contradiction(merged) or Text(error.message, error.message)


def toml_lines(tried: Stated) -> str:
    """What to put into the model's file to keep the ``tried`` values."""
    tables: dict[str, list[str]] = {}
    for (variable, key), value in sorted(tried.items()):
        section, _, name = key.partition(".")
        own = f"{VARIABLES}.{json.dumps(variable, ensure_ascii=False)}." if variable else ""
        written = as_written(value) if not isinstance(value, str) else json.dumps(value)
        tables.setdefault(f"[policy.{own}{section}]", []).append(f"{name} = {written}")
    return "\n\n".join("\n".join([table, *lines]) for table, lines in tables.items())


def _contradiction(merged: Stated) -> Text | None:
    """The first amber threshold above its red one."""
    values = {("", key.place): key.default for key in KEYS} | dict(merged)
    for variable, key in values:
        if not key.endswith(".amber"):
            continue
        red_key = f"{key.removesuffix('.amber')}.red"
        amber, red = values[variable, key], values.get((variable, red_key), values["", red_key])
        if isinstance(amber, int | float) and isinstance(red, int | float) and amber > red:
            told = {"amber_key": key, "red_key": red_key, "amber": amber, "red": red}
            return say(_CONTRADICTION, told, near=date.min)
    return None


def _expected(key: str) -> Text:
    if key.startswith(f"{RULES}."):
        return Text("true or false", "true ou false")
    return next((one.expected for one in KEYS if one.place == key), Text("a key of the policy", "une clé de politique"))


def _colours(found: Assessment) -> Assessment:
    """What a comparison needs of an assessment: measures and memories take most of the room."""
    health = [replace(row, memory=None) for row in found.health]
    return Assessment(Measures(found.measures.model_id), found.findings, health, [])


_NOT_TAKEN: Final = Text("{key} takes {expected}.", "{key} demande {expected}.")
_CONTRADICTION: Final = Text(
    "{amber_key} ({amber:threshold}) must be no higher than {red_key} ({red:threshold}).",
    "{amber_key} ({amber:threshold}) ne doit pas dépasser {red_key} ({red:threshold}).",
)
