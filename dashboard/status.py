"""The state of the fleet in one row a model, as the command line and programs read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from dashboard.format import day
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

NOT_YET: Final = Text(
    "Its first batch is dated {day}, after today: it is evaluated from that day on.",
    "Son premier lot est daté du {day}, après aujourd'hui\u00a0: il sera évalué à partir de ce jour.",
)

_COLOURS: Final = ("colour", "drift", "quality", "performance", "freshness")


def fleet_status(warehouse: Warehouse, language: Language, *, today: date | None = None) -> list[dict[str, Any]]:
    """One dictionary of ``COLUMNS`` a registered model, by model_id; one never evaluated is grey and says why.

    ``today`` (UTC) tells batches that have yet to come from those that wait for an evaluation.
    """
    today = today or datetime.now(UTC).date()
    fleet = warehouse.query("fleet").to_pylist()
    delivered = {}
    if any(row["colour"] is None for row in fleet):
        delivered = {row["model_id"]: row for row in warehouse.query("delivered").to_pylist()}
    rows = []
    for row in fleet:
        if row["colour"] is None:
            row |= dict.fromkeys(_COLOURS, "grey")
            headline = _reason(row["model_id"], delivered.get(row["model_id"]), language, today)
        else:
            headline = row[f"headline_{language}"]
        rows.append({name: headline if name == "headline" else row[name] for name in COLUMNS})
    return rows


def outdated(warehouse: Warehouse, *, today: date | None = None) -> str | None:
    """A note when the newest evaluation is of a day before ``today`` (UTC) and another one would change something."""
    today = today or datetime.now(UTC).date()
    state = warehouse.query("evaluation_state").to_pylist()
    newest = max((row["as_of"] for row in state), default=today)
    # A row that still holds keeps its day, and evaluating it again would write nothing.
    over = any(row["valid_until"] is not None and row["valid_until"] <= today for row in state)
    if newest >= today or not over:
        return None
    ago = (today - newest).days
    on = day(newest, "en").replace("\u00a0", " ")
    return f"Evaluated as of {on}, {ago:,} day{'s' * (ago > 1)} ago: run 'vigie evaluate'."


def _reason(model_id: str, delivered: dict[str, Any] | None, language: Language, today: date) -> str:
    """Why a model has no colour yet, and what to run."""
    if delivered is None or not delivered["versions"]:
        return NO_REFERENCE[language].replace("{model}", model_id)
    if not delivered["batches"]:
        return NO_BATCH[language].replace("{model}", model_id)
    first = delivered["first_batch_date"]
    if first > today:
        return NOT_YET[language].replace("{day}", day(first, language))
    return NOT_EVALUATED[language]
