"""The reference of a version as batches need it: read back from the warehouse, or from what was just built."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from qod.bins import Bins
from qod.derived import Derivation, declared
from qod.errors import MissingVersionError, UnknownNameError, nearest
from qod.names import check_name
from qod.receipt import Built
from qod.value_type import ValueType
from qod.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference of one version as batches need it: its variables' bins in order, its score's name, its classes.

    ``derived`` says how those of the variables are computed that are no columns, ``types`` what the values of each were
    at training.
    """

    variables: Mapping[str, Bins]
    score: str | None
    classes: tuple[str, ...] = ()
    derived: Mapping[str, Derivation] = field(default_factory=dict)
    types: Mapping[str, ValueType | None] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A short name of these very bins: counts made in them may be compared with each other, others not."""
        return bins_digest((name, b.kind, b.edges, b.levels, b.tail) for name, b in self.variables.items())


def bins_digest(variables: Iterable[tuple[str, str, Sequence[float], Sequence[str], Sequence[str]]]) -> str:
    """The digest of bins given as (variable, kind, edges, levels, tail); the order of the variables does not matter."""
    content = sorted((name, kind, [*edges], [*levels], [*tail]) for name, kind, edges, levels, tail in variables)
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]


def read_reference(warehouse: Warehouse, model_id: str, model_version: str) -> Reference:
    """The reference of a version from the warehouse. UnknownNameError when it was never delivered."""
    check_name("model", model_id)
    check_name("model version", model_version)
    rows = warehouse.query("reference", model_id=model_id, model_version=model_version).to_pylist()
    if not rows:
        registered_task(warehouse, model_id)
        known = warehouse.query("model_versions", model_id=model_id).column("model_version").to_pylist()
        raise MissingVersionError(
            model_id,
            model_version,
            hint=f"deliver its training rows first: vigie reference {model_id} {model_version} FILE"
            + (f"; delivered so far: {', '.join(map(repr, known[:5]))}." if known else "."),
        )
    return _reference(rows, rows[0])


def reference_of(built: Built) -> Reference:
    """The reference that ``build_reference`` has just built, without a warehouse in between."""
    rows = built.tables["reference_variables"].to_pylist()
    return _reference(rows, built.tables["versions"].to_pylist()[0])


def _reference(rows: Sequence[Mapping[str, Any]], version: Mapping[str, Any]) -> Reference:
    return Reference(
        {row["variable"]: bins_of(row) for row in rows},
        version["score_variable"],
        tuple(version["classes"] or ()),
        declared(version["derived"]),
        {row["variable"]: row["type"] for row in rows},
    )


def bins_of(row: Mapping[str, Any]) -> Bins:
    """The frozen bins in a row of ``reference_variables``."""
    tail = tuple(row["tail"] or ())
    bins = Bins(row["kind"], tuple(row["edges"]), tuple(row["levels"]), row["low"], row["high"], tail)
    if bins.kind == "categorical" and not tail and row["counts"][-3] > 0:
        return replace(bins, open_tail=True)
    return bins


def registered_task(warehouse: Warehouse, model_id: str) -> str:
    """The task of a registered model. UnknownNameError when there is no such model."""
    check_name("model", model_id)
    entry = warehouse.query("model", model_id=model_id)
    if entry.num_rows == 0:
        known = warehouse.query("registry").column("model_id").to_pylist()
        raise UnknownNameError("model", model_id, known, hint=_register_hint(model_id, known))
    return str(entry.column("task")[0].as_py())


def _register_hint(model_id: str, known: list[str]) -> str:
    close = nearest(model_id, known)
    tell = "register it first: vigie register MODEL.toml."
    return f"{close} Otherwise {tell}" if close and close.startswith("did you mean") else tell
