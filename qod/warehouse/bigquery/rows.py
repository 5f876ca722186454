"""The rows of a result as Arrow: those of a small one came with the reply, a large one is read over gRPC."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from qod.contract import arrow_type
from qod.warehouse.bigquery.connect import Connection
from qod.warehouse.bigquery.deadline import Deadline, retrying

LOG: Final = logging.getLogger("vigie.warehouse")

INLINE_ROWS: Final = 10_000
"""Rows that may come with the reply itself; a result with more is read by the Storage Read API."""

_TRIES: Final = 3

_NAMES: Final = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}
"""Types that the API calls by another name than SQL does."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes that a job read and was billed for, and whether BigQuery had its result already."""

    processed: int
    billed: int
    cached: bool


def cost(connection: Connection, found: Any, deadline: Deadline) -> Cost:
    """What the job of a ``RowIterator`` cost; ask before its rows are read, while the reply is at hand."""
    reply = getattr(found, "_first_page_response", None) or {}
    if "totalBytesBilled" in reply:
        return Cost(int(reply["totalBytesProcessed"]), int(reply["totalBytesBilled"]), bool(reply.get("cacheHit")))
    return of_job(_job(connection, found, deadline))


def of_job(job: Any) -> Cost:
    """What a job that is done cost."""
    return Cost(job.total_bytes_processed or 0, job.total_bytes_billed or 0, bool(job.cache_hit))


def fetch(connection: Connection, found: Any, deadline: Deadline) -> pa.Table:
    """All rows of a ``RowIterator``, in the contract's types; no columns where a statement has no result."""
    if not found.schema:
        return pa.table({})
    table = None
    if (found.total_rows or 0) > INLINE_ROWS and not connection.storage_denied and connection.storage is not None:
        table = _streamed(connection, found, deadline)
    if table is None:
        table = found.to_arrow(create_bqstorage_client=False)
    return typed(table, found.schema)


def typed(table: pa.Table, fields: Any) -> pa.Table:
    """The same rows in the contract's types, whichever way they came; ``fields`` is BigQuery's schema of them."""
    kinds = [_kind(field) or column.type for field, column in zip(fields, table.columns, strict=True)]
    schema = pa.schema([(field.name, kind) for field, kind in zip(fields, kinds, strict=True)])
    return table.cast(schema) if table.schema != schema else table.replace_schema_metadata(None)


def _kind(field: Any) -> pa.DataType | None:
    """The contract's Arrow type of a field; None for a type that the contract does not have."""
    if field.field_type in ("RECORD", "STRUCT"):
        inner = [(one.name, _kind(one)) for one in field.fields]
        kind = None if any(type is None for _, type in inner) else pa.struct(inner)
    else:
        try:
            kind = arrow_type(_NAMES.get(field.field_type, field.field_type))
        except ValueError:
            kind = None
    return pa.list_(kind) if kind is not None and field.mode == "REPEATED" else kind


def _job(connection: Connection, found: Any, deadline: Deadline) -> Any:
    return connection.client.get_job(
        found.job_id, location=found.location, retry=retrying(deadline, _TRIES), timeout=deadline.left()
    )


# -- over gRPC ---------------------------------------------------------------------------------------------


def _streamed(connection: Connection, found: Any, deadline: Deadline) -> pa.Table | None:
    """The rows by the Storage Read API; None where it fails: REST is slower, but gives the same."""
    from google.api_core.exceptions import GoogleAPIError, PermissionDenied
    from google.auth.exceptions import GoogleAuthError

    part = Deadline(deadline.left() / 2)  # what is left must do for REST
    try:
        return _read(connection, _job(connection, found, part).destination, part)
    except PermissionDenied:
        connection.storage_denied = True
        LOG.warning(
            "Large results come slowly: the account may not use BigQuery's Storage Read API; "
            "grant it roles/bigquery.readSessionUser on the project %s.",
            connection.place.project,
        )
    except (GoogleAPIError, GoogleAuthError) as error:
        LOG.warning("BigQuery's Storage Read API failed, so the rows are read by REST: %s", error)
    return None


def _read(connection: Connection, table: Any, deadline: Deadline) -> pa.Table:
    from google.cloud.bigquery_storage_v1 import types

    session = connection.storage.create_read_session(
        parent=f"projects/{connection.place.project}",
        read_session=types.ReadSession(table=table.path.removeprefix("/"), data_format=types.DataFormat.ARROW),
        max_stream_count=1,  # more would lose the order of the rows
        retry=retrying(deadline, _TRIES),
        timeout=deadline.left(),
    )
    schema = pa.ipc.read_schema(pa.py_buffer(session.arrow_schema.serialized_schema))
    messages = (message for stream in session.streams for message in _messages(connection, stream.name, deadline))
    batches = [
        pa.ipc.read_record_batch(pa.py_buffer(message.arrow_record_batch.serialized_record_batch), schema)
        for message in messages
    ]
    return pa.Table.from_batches(batches, schema)


def _messages(connection: Connection, name: str, deadline: Deadline) -> Iterator[Any]:
    """The messages of a stream; one that broke off is taken up where it ended."""
    from google.api_core.exceptions import ServiceUnavailable

    offset, tries = 0, 0
    while True:
        tries += 1
        try:
            for message in connection.storage.read_rows(
                read_stream=name, offset=offset, retry=None, timeout=deadline.left()
            ):
                offset += message.row_count
                yield message
            return
        except ServiceUnavailable:
            if tries == _TRIES or deadline.passed:
                raise
