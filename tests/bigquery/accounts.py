"""What a job says of itself: bytes, kind of statement, rows changed."""

from __future__ import annotations

from typing import Any

from tests.bigquery.shapes import Resource
from tests.bigquery.statement import Outcome


def limit(config: Resource) -> int | None:
    """The bytes a query may bill at most; None for no limit."""
    return int(config["maximumBytesBilled"]) if config.get("maximumBytesBilled") else None


def changing(sql: str) -> bool:
    """Whether a query may answer otherwise the next time: BigQuery does not cache it."""
    upper = sql.upper()
    return any(word in upper for word in ("CURRENT_", "RAND(", "GENERATE_UUID", "INFORMATION_SCHEMA", "SESSION_USER"))


def statistics(outcome: Outcome, *, upper: bool) -> dict[str, Any]:
    """The statistics of a query: before cluster pruning (``upper``, a dry run) or after it."""
    before, after = outcome.cost.processed
    billed = outcome.cost.billed(upper=upper)
    clustered = before != after
    found: dict[str, Any] = {
        "statementType": outcome.kind,
        "cacheHit": False,
        "totalBytesProcessed": str(before if upper else after),
        "totalBytesBilled": str(0 if upper else billed),
        "totalBytesProcessedAccuracy": "UPPER_BOUND" if clustered else "PRECISE",
        "estimatedBytesProcessed": str(before),
        "billingTier": 1,
        "referencedTables": [{"projectId": key[0], "datasetId": key[1], "tableId": key[2]} for key in outcome.tables],
    }
    if outcome.target:
        found["ddlTargetTable" if outcome.affected is None else "targetTable"] = dict(
            zip(("projectId", "datasetId", "tableId"), outcome.target, strict=True)
        )
    if outcome.affected is not None:
        found["numDmlAffectedRows"] = str(outcome.affected)
        counted = {"INSERT": "insertedRowCount", "UPDATE": "updatedRowCount", "DELETE": "deletedRowCount"}
        if outcome.kind in counted:
            found["dmlStats"] = {counted[outcome.kind]: str(outcome.affected)}
    return found
