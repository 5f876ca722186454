"""The contract between policies and what they are about: once every table is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from dashboard.checks.between import Known
from dashboard.checks.columns import Part, Violation
from dashboard.stated import Stated, fleet_policy, parse_stated, policy_from
from qod.errors import VigieError, nearest

_EVERY: Final = ""


def policies(known: Known) -> Iterator[Violation]:
    """A model's policy that contradicts the fleet's, and any policy that names a variable which no version has."""
    fleet = _stated(fleet_policy([row for part in known.policies for row in _rows(part) if "policy_id" in row]))
    variables: dict[str, set[str]] = {}
    for model_id, _, variable in known.bins:
        variables.setdefault(model_id, set()).add(variable)
        variables.setdefault(_EVERY, set()).add(variable)
    for part in known.policies:
        for place, row in enumerate(_rows(part)):
            own, model_id = _stated(row["policy"]), row.get("model_id")
            if model_id is not None:
                yield from _contradictions(part, place, fleet, own)
            # Before the first training set nothing is known of any variable.
            yield from _unknown(part, place, own, variables.get(model_id or _EVERY, set()), model_id)


def _rows(part: Part) -> list[dict[str, str]]:
    names = [name for name in ("model_id", "policy_id", "policy") if name in part.table.names]
    rows: list[dict[str, str]] = part.data.select(names).to_pylist()
    return rows


def _stated(text: str | None) -> Stated:
    """What the text states; nothing where it cannot be read, which is a violation of its own row."""
    try:
        return parse_stated(text)
    except VigieError:
        return {}


def _contradictions(part: Part, place: int, fleet: Stated, own: Stated) -> Iterator[Violation]:
    try:
        policy_from(fleet, own)
    except VigieError as error:
        yield from _flag(part, place, f"together with the fleet's policy: {error.message}")


def _unknown(part: Part, place: int, own: Stated, variables: set[str], model_id: str | None) -> Iterator[Violation]:
    named = sorted({variable for variable, _ in own} - {""} - variables) if variables else []
    of = "no model" if model_id is None else "no version of the model"
    for variable in named:
        yield from _flag(part, place, f"{of} has a variable {variable!r}; {nearest(variable, variables)}")


def _flag(part: Part, place: int, message: str) -> Iterator[Violation]:
    yield from part.flag(np.arange(len(part)) == place, "policy", message)
