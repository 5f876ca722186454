"""One question to BigQuery: its parameters, labels and limits, its rows as Arrow, and what it cost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from qod.warehouse.bigquery import rows
from qod.warehouse.bigquery.connect import Connection
from qod.warehouse.bigquery.deadline import Deadline, bounded, retrying, retrying_job
from qod.warehouse.ledger import LEDGER, Entry
from qod.warehouse.purpose import current

if TYPE_CHECKING:
    import pyarrow as pa


class Param(NamedTuple):
    """A parameter: its type as the query files declare it (STRING, DATE, ARRAY<STRING>, ...) and its value."""

    type: str
    value: Any


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a question may take in all, how often its requests may be sent, and the bytes it may be billed for.

    ``max_bytes``: None for those of the connection.
    """

    seconds: float
    attempts: int
    max_bytes: int | None = None

    @property
    def call(self) -> float:
        """Seconds that one request may take: one that hangs leaves time for another."""
        return min(self.seconds / 2, 60.0)


PAGE: Final = Limits(seconds=8.0, attempts=3)
"""A reader waits."""
COMMAND: Final = Limits(seconds=300.0, attempts=8)
"""A job does not give up for a short failure of BigQuery's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a question, in the contract's types, and what it cost.

    ``affected``: rows that a statement of DML changed. A statement without a result has a table without columns.
    """

    table: pa.Table
    bytes_processed: int
    bytes_billed: int
    cached: bool
    seconds: float
    job_id: str | None
    affected: int | None = None


def ask(
    connection: Connection, sql: str, params: Mapping[str, Param], *, query: str, limits: Limits | None = None
) -> Answer:
    """The answer to a SELECT, which ``query`` names in labels and in the ledger.

    ``limits`` are those of a page or of a command where none are given. Sent again where that may help.
    UnavailableError where a later try may succeed, WarehouseError where it will not.
    """
    bounds = limits or usual()

    def work(deadline: Deadline) -> Answer:
        found = connection.client.query_and_wait(
            sql,
            job_config=_config(connection, params, labels(query), bounds),
            api_timeout=bounds.call,
            wait_timeout=bounds.seconds - bounds.call,  # then the client cancels the job
            retry=retrying(deadline, bounds.attempts),
            job_retry=retrying_job(deadline, bounds.attempts),
            page_size=rows.INLINE_ROWS,
        )
        cost = rows.cost(connection, found, deadline)
        table = rows.fetch(connection, found, deadline)
        return Answer(table, cost.processed, cost.billed, cost.cached, 0.0, found.job_id)

    return _booked(work, connection, query, bounds)


def run(
    connection: Connection,
    sql: str,
    params: Mapping[str, Param],
    *,
    query: str,
    limits: Limits | None = None,
    job_id: str | None = None,
) -> Answer:
    """The answer to a script, or to a statement that changes something, run where the dataset is.

    A script is told where: BigQuery does not always find out, and then runs it in the United States.
    With a ``job_id`` it is carried out once, however often it is sent: who sends it again gets the answer of the first.
    Without one it is sent once.
    """
    bounds = limits or usual()

    def work(deadline: Deadline) -> Answer:
        from google.api_core.exceptions import Conflict

        client: Any = connection.client
        retry = retrying(deadline, bounds.attempts)
        try:
            job = client.query(
                sql,
                job_id=job_id,
                location=connection.location(),
                job_config=_config(connection, params, labels(query), bounds),
                retry=retry if job_id else None,
                job_retry=None,
                timeout=bounds.call,
            )
        except Conflict as error:
            if job_id is None or "job" not in error.message.lower():
                raise
            job = client.get_job(job_id, location=connection.location(), retry=retry, timeout=deadline.left())
        found = job.result(page_size=rows.INLINE_ROWS, retry=retry, timeout=deadline.left(), job_retry=None)
        table, cost = rows.fetch(connection, found, deadline), rows.of_job(job)
        return Answer(table, cost.processed, cost.billed, cost.cached, 0.0, job.job_id, job.num_dml_affected_rows)

    return _booked(work, connection, query, bounds)


def usual() -> Limits:
    """The limits of what is being asked for: a page's or a command's."""
    return PAGE if current().kind == "page" else COMMAND


def labels(query: str) -> dict[str, str]:
    """The labels of a job: the application, the page or command it is for, and the query."""
    purpose = current()
    return {"app": "vigie", purpose.kind: _label(purpose.name), "query": _label(query)}


def _label(text: str) -> str:
    """A label's value: small letters, digits, _ and -, at most 63."""
    return re.sub(r"[^a-z0-9_-]", "_", text.lower())[:63]


def _booked(work: Callable[[Deadline], Answer], connection: Connection, query: str, limits: Limits) -> Answer:
    purpose, at, began = current(), datetime.now(UTC), time.monotonic()
    answer = bounded(work, seconds=limits.seconds, doing=f"the query {query}", connection=connection)
    answer = replace(answer, seconds=time.monotonic() - began)
    spent = (answer.bytes_processed, answer.bytes_billed, answer.cached, answer.seconds, answer.table.num_rows)
    LEDGER.book(Entry(at, purpose.kind, purpose.name, query, *spent))
    return answer


def _config(connection: Connection, params: Mapping[str, Param], labels: dict[str, str], limits: Limits) -> Any:
    from google.cloud.bigquery import DatasetReference, QueryJobConfig

    return QueryJobConfig(
        default_dataset=DatasetReference(connection.place.project, connection.place.dataset),
        query_parameters=[_parameter(name, *param) for name, param in params.items()],
        labels=labels,
        maximum_bytes_billed=limits.max_bytes or connection.max_bytes,
        job_timeout_ms=int(limits.seconds * 1000),
        use_query_cache=True,
    )


def _parameter(name: str, type: str, value: Any) -> Any:
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if type.startswith("ARRAY<"):
        return ArrayQueryParameter(name, type[6:-1], list(value))
    return ScalarQueryParameter(name, type, value)
