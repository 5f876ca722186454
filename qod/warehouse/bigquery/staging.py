"""Staging: each table of a delivery as Parquet, loaded into a table of its own that expires by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, Final

from qod.contract import Table
from qod.errors import VigieError
from qod.warehouse.bigquery.ask import labels
from qod.warehouse.bigquery.connect import Connection
from qod.warehouse.bigquery.deadline import Deadline, bounded, retrying, retrying_job
from qod.warehouse.bigquery.fields import field

if TYPE_CHECKING:
    import pyarrow as pa
    from google.cloud.bigquery import SchemaField

PREFIX: Final = "staging_"
KEPT: Final = timedelta(hours=24)
"""How long a staging table lives when nobody drops it."""

_SECONDS: Final = 900.0  # a load job of a large table waits for its turn
_ATTEMPTS: Final = 6
_AT_ONCE: Final = 4
_ONE_REQUEST: Final = 8 << 20  # a larger file is sent in parts
_ROW_GROUP: Final = 120_000


def staging_name(table: str, token: str) -> str:
    """The staging table of a table of the delivery ``token``."""
    return f"{PREFIX}{table}_{token}"


def stage(connection: Connection, tables: Sequence[tuple[Table, pa.Table]], token: str) -> None:
    """Load every table into its staging table, several at a time; all are there in the end, or an error is raised.

    The rows may lack columns of their table, but may have no others.
    """
    given = {table.name: (table, rows) for table, rows in tables}
    marked = labels("load")

    def load(name: str) -> None:
        def work(deadline: Deadline) -> None:
            _load(connection, *given[name], staging_name(name, token), marked, deadline)

        bounded(work, seconds=_SECONDS, doing=f"the load of {name}", connection=connection)

    _each(load, list(given))


def drop(connection: Connection, names: list[str]) -> None:
    """Drop staging tables as far as that is possible now; the others expire."""

    def one(name: str) -> None:
        def work(deadline: Deadline) -> None:
            connection.client.delete_table(
                connection.table_ref(name), not_found_ok=True, retry=retrying(deadline, 2), timeout=deadline.left()
            )

        bounded(work, seconds=20.0, doing=f"the removal of {name}", connection=connection)

    with suppress(VigieError):
        _each(one, names)


def orphans(connection: Connection) -> list[str]:
    """Staging tables older than they may become: of deliveries that were broken off."""

    def work(deadline: Deadline) -> list[str]:
        place = str(connection.place)
        listed = connection.client.list_tables(place, retry=retrying(deadline, 3), timeout=deadline.left())
        now = datetime.now(UTC)
        return [
            one.table_id
            for one in listed
            if one.table_id.startswith(PREFIX) and one.created is not None and now - one.created > KEPT
        ]

    return bounded(work, seconds=60.0, doing="the list of tables", connection=connection)


def _each(work: Callable[[str], None], names: list[str]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(work, name) for name in names]:
            done.result()


def _load(
    connection: Connection, table: Table, rows: pa.Table, name: str, marked: dict[str, str], deadline: Deadline
) -> None:
    import pyarrow.parquet as pq
    from google.cloud.bigquery import Table as Made

    columns = [table.column(column) for column in rows.column_names]
    schema = [field(column.name, column.type) for column in columns]
    made = Made(connection.table_ref(name), schema=schema)
    made.expires = datetime.now(UTC) + KEPT
    connection.client.create_table(made, exists_ok=True, retry=retrying(deadline, _ATTEMPTS), timeout=deadline.left())
    with tempfile.TemporaryFile() as file:
        loose = rows.cast(_loose(rows.schema))
        pq.write_table(loose, file, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP)
        tries = iter(range(_ATTEMPTS))
        again = retrying_job(deadline, 3)
        again(lambda: _job(connection, name, schema, f"vigie_{name}_{next(tries)}", file, marked, deadline))()


def _loose(schema: pa.Schema) -> pa.Schema:
    """The same columns, all but lists optional: a load refuses modes that are not those of its schema.

    What may not be missing is held to by the table that the rows are put into. The modes are those that BigQuery's
    client writes itself, and the only ones it loads into every table.
    Source: googleapis/python-bigquery, ``_pandas_helpers.bq_to_arrow_field``, and its issues 1692 and 1981.
    """
    import pyarrow as pa

    return pa.schema([one.with_nullable(not pa.types.is_list(one.type)) for one in schema])


def _job(
    connection: Connection,
    name: str,
    schema: list[SchemaField],
    job_id: str,
    file: IO[bytes],
    marked: dict[str, str],
    deadline: Deadline,
) -> None:
    """Run one load job; sent again under its identifier it is still one job, and a failed one has loaded nothing."""
    from google.api_core.exceptions import Conflict
    from google.cloud.bigquery import LoadJobConfig, ParquetOptions

    client: Any = connection.client
    lists = ParquetOptions()  # type: ignore[no-untyped-call]
    lists.enable_list_inference = True
    config = LoadJobConfig(
        schema=schema,
        source_format="PARQUET",
        write_disposition="WRITE_EMPTY",
        create_disposition="CREATE_NEVER",
        parquet_options=lists,
        labels=marked,
    )
    size = file.seek(0, 2)

    def send() -> Any:
        file.seek(0)
        try:
            return client.load_table_from_file(
                file,
                connection.table_ref(name),
                size=size if size <= _ONE_REQUEST else None,
                num_retries=0,
                job_id=job_id,
                job_config=config,
                timeout=deadline.left(),
            )
        except Conflict:  # it came through, and only the reply was lost
            return client.get_job(job_id, location=connection.location(), retry=retry, timeout=deadline.left())

    retry = retrying(deadline, _ATTEMPTS)
    retry(send)().result(retry=retry, timeout=deadline.left())
