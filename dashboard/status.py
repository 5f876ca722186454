"""The state of the fleet in one row a model, as the command line and programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dashboard.text import Language, Text

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

COLUMNS: Final = (
    "model_id",
    "model_version",
    "batch_id",
    "batch_date",
    "colour",
    "headline",
    "drift",
    "quality",
    "performance",
    "freshness",
)

NO_REFERENCE: Final = Text(
    "Registered, but no version has a reference yet: run 'vigie reference {model} VERSION FILE'.",
    "Enregistré, mais aucune version n'a encore de référence\u00a0: "
    "lancez «\u00a0vigie reference {model} VERSION FILE\u00a0».",
)
NO_BATCH: Final = Text(
    "No batch has been delivered yet: run 'vigie batch {model} VERSION DATE FILE'.",
    "Aucun lot n'a encore été livré\u00a0: lancez «\u00a0vigie batch {model} VERSION DATE FILE\u00a0».",
)
NOT_EVALUATED: Final = Text(
    "Delivered, but not evaluated yet: run 'vigie evaluate'.",
    "Livré, mais pas encore évalué\u00a0: lancez «\u00a0vigie evaluate\u00a0».",
)

_COLOURS: Final = ("colour", "drift", "quality", "performance", "freshness")


def fleet_status(warehouse: Warehouse, language: Language) -> list[dict[str, Any]]:
    """One dictionary of ``COLUMNS`` a registered model, by model_id; one never evaluated is grey and says why."""
    fleet = warehouse.query("fleet").to_pylist()
    delivered = {}
    if any(row["colour"] is None for row in fleet):
        delivered = {row["model_id"]: row for row in warehouse.query("delivered").to_pylist()}
    rows = []
    for row in fleet:
        if row["colour"] is None:
            row |= dict.fromkeys(_COLOURS, "grey")
            headline = _reason(delivered.get(row["model_id"]))[language].replace("{model}", row["model_id"])
        else:
            headline = row[f"headline_{language}"]
        rows.append({name: headline if name == "headline" else row[name] for name in COLUMNS})
    return rows


def _reason(delivered: dict[str, Any] | None) -> Text:
    """Why a model has no colour yet, and what to run."""
    if delivered is None or not delivered["versions"]:
        return NO_REFERENCE
    return NOT_EVALUATED if delivered["batches"] else NO_BATCH
