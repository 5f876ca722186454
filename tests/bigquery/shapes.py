"""What a table may look like: its partitioning and clustering, and which columns may take the place of others."""

from __future__ import annotations

from typing import Any

from tests.bigquery.errors import ApiError
from tests.bigquery.kinds import Field, sql_type

Resource = dict[str, Any]
"""A dataset, table or job as the API describes it."""


def partition_of(resource: Resource) -> tuple[str, str] | None:
    """The partitioning column of a table and its unit (DAY, MONTH, ...); None when it has none."""
    given = resource.get("timePartitioning")
    return (given["field"], given.get("type", "DAY")) if given and given.get("field") else None


def compare(old: Field, new: Field, wrong: str) -> None:
    """ApiError, beginning with ``wrong``, unless a column may become, or take values of, another."""
    if sql_type(old) != sql_type(new):
        types = [field["type"] for field in (old, new)]
        if types[0] != types[1]:
            raise ApiError(
                f"{wrong} Field {old['name']} has changed type from {types[0]} to {types[1]}", reason="invalid"
            )
        modes = [field["mode"] for field in (old, new)]
        if modes[0] != modes[1]:
            raise ApiError(
                f"{wrong} Field {old['name']} has changed mode from {modes[0]} to {modes[1]}", reason="invalid"
            )
        raise ApiError(f"{wrong} Field {old['name']} has other fields inside", reason="invalid")


def check(made: Resource, fields: list[Field]) -> None:
    """ApiError unless a table can be partitioned and clustered as it says."""
    known = {field["name"]: field for field in fields}
    if len({name.lower() for name in known}) != len(fields):
        raise ApiError("Duplicate field names in the schema", reason="invalid")
    partition = partition_of(made)
    if partition and made["type"] == "TABLE":
        kind = known.get(partition[0], {}).get("type")
        if kind not in ("DATE", "TIMESTAMP", "DATETIME"):
            raise ApiError(
                "The field specified for time partitioning must be a DATE, TIMESTAMP or DATETIME column of the table: "
                f"{partition[0]}",
                reason="invalid",
            )
    clustering = (made.get("clustering") or {}).get("fields") or []
    for name in clustering:
        field = known.get(name)
        if field is None or field["mode"] == "REPEATED" or field["type"] in ("FLOAT", "RECORD", "JSON"):
            raise ApiError(f"The field specified for clustering cannot be used: {name}", reason="invalid")
    if len(clustering) > 4:
        raise ApiError("A table can be clustered by four columns at most", reason="invalid")
