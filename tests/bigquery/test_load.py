"""Load jobs: Parquet in one request or in chunks, with lists; what is refused, and that nothing is half loaded."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud.bigquery import LoadJobConfig, ParquetOptions, QueryJobConfig, SchemaField, Table, TimePartitioning

from qod.contract import TABLES, arrow_schema

SCHEMA = pa.schema(
    [
        pa.field("k", pa.string(), nullable=False),
        pa.field("day", pa.date32()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("xs", pa.list_(pa.float64())),
        pa.field("levels", pa.list_(pa.struct([("level", pa.string()), ("rows", pa.int64())]))),
    ]
)
ROW = {
    "k": "a",
    "day": date(2026, 1, 1),
    "at": datetime(2026, 1, 1, 10, tzinfo=UTC),
    "xs": [0.5, 1.5],
    "levels": [{"level": "x", "rows": 3}],
}


def config(**options: Any) -> LoadJobConfig:
    inference = ParquetOptions()  # type: ignore[no-untyped-call]
    inference.enable_list_inference = options.pop("lists", True)
    return LoadJobConfig(source_format="PARQUET", parquet_options=inference, **options)


def parquet(rows: list[dict[str, Any]], schema: pa.Schema = SCHEMA) -> io.BytesIO:
    data = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), data)
    data.seek(0)
    return data


FIELDS = [
    SchemaField("k", "STRING", "REQUIRED"),
    SchemaField("day", "DATE"),
    SchemaField("at", "TIMESTAMP"),
    SchemaField("xs", "FLOAT64", "REPEATED"),
    SchemaField("levels", "RECORD", "REPEATED", fields=[SchemaField("level", "STRING"), SchemaField("rows", "INT64")]),
]
"""SCHEMA as BigQuery describes it."""


def send(client: Any, data: io.BytesIO, to: str = "test.d.t", **options: Any) -> Any:
    size = len(data.getvalue()) if options.pop("sized", True) else None
    return client.load_table_from_file(data, to, size=size, job_config=config(**options)).result()


def held(client: Any) -> list[dict[str, Any]]:
    return [dict(row.items()) for row in client.list_rows("test.d.t")]


@pytest.mark.parametrize("sized", [True, False])
def test_parquet_with_lists_makes_a_table(client: Any, sized: bool) -> None:
    empty: dict[str, Any] = {"k": "b", "day": None, "at": None, "xs": None, "levels": []}
    job = send(client, parquet([ROW, empty]), sized=sized, labels={"app": "vigie"})
    assert (job.output_rows, client.get_job(job.job_id).labels) == (2, {"app": "vigie"})
    assert [(f.name, f.field_type, f.mode) for f in client.get_table("test.d.t").schema] == [
        ("k", "STRING", "REQUIRED"),
        ("day", "DATE", "NULLABLE"),
        ("at", "TIMESTAMP", "NULLABLE"),
        ("xs", "FLOAT", "REPEATED"),
        ("levels", "RECORD", "REPEATED"),
    ]
    assert held(client) == [ROW, empty | {"xs": []}]


def test_a_large_file_comes_in_chunks(server: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("google.cloud.bigquery.client._DEFAULT_CHUNKSIZE", 256 * 1024)
    schema = pa.schema([("text", pa.string())])
    rows = [{"text": f"{index:032x}" * 4} for index in range(20_000)]
    data = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), data, compression="none", use_dictionary=False)
    data.seek(0)
    assert send(client, data, sized=False).output_rows == 20_000
    assert server.log.count("^PUT ") == -(-len(data.getvalue()) // (256 * 1024)) > 5


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_of_the_contract_can_be_loaded(client: Any, name: str) -> None:
    # The Parquet of a JSON column is that of a string.
    job = send(client, parquet([], arrow_schema(name)))
    assert job.output_rows == 0
    assert [f.name for f in client.get_table("test.d.t").schema] == list(TABLES[name].names)


@pytest.mark.parametrize(
    ("disposition", "wanted"), [("WRITE_APPEND", ["a", "b"]), ("WRITE_TRUNCATE", ["b"]), ("WRITE_EMPTY", None)]
)
def test_a_load_adds_to_a_table_or_replaces_it(client: Any, disposition: str, wanted: list[str] | None) -> None:
    send(client, parquet([ROW]))
    again = parquet([ROW | {"k": "b"}])
    if wanted is None:
        with pytest.raises(Exception, match=r"Already Exists: Table test:d\.t"):
            send(client, again, write_disposition=disposition, schema=FIELDS)
    else:
        send(client, again, write_disposition=disposition, schema=FIELDS)
        assert [row["k"] for row in held(client)] == wanted


def test_one_partition_can_be_replaced(client: Any) -> None:
    days = [ROW, ROW | {"day": date(2026, 1, 2)}]
    send(client, parquet(days), time_partitioning=TimePartitioning(field="day"))
    other = parquet([ROW | {"k": "new"}])
    send(client, other, to="test.d.t$20260101", write_disposition="WRITE_TRUNCATE", schema=FIELDS)
    assert sorted(row["k"] for row in held(client)) == ["a", "new"]
    with pytest.raises(BadRequest, match="belong to different partitions"):
        send(client, parquet(days), to="test.d.t$20260101", write_disposition="WRITE_TRUNCATE", schema=FIELDS)
    assert sorted(row["k"] for row in held(client)) == ["a", "new"]


def test_a_new_column_is_refused_unless_it_is_allowed(client: Any) -> None:
    send(client, parquet([ROW]))
    wider = SCHEMA.append(pa.field("more", pa.int64()))
    fields = [*FIELDS, SchemaField("more", "INT64")]
    with pytest.raises(BadRequest, match=r"Cannot add fields \(field: more\)"):
        send(client, parquet([ROW | {"more": 1}], wider), schema=fields)
    wide = ["ALLOW_FIELD_ADDITION"]
    send(client, parquet([ROW | {"more": 1}], wider), schema=fields, schema_update_options=wide)
    assert [row["more"] for row in held(client)] == [None, 1]


@pytest.mark.parametrize(
    ("field", "options", "message"),
    [
        (pa.field("k", pa.string()), {}, "Field k has changed mode from REQUIRED to NULLABLE"),
        (None, {}, "Field k has changed mode from REQUIRED to NULLABLE"),
        (
            None,
            {"schema": [SchemaField("k", "STRING"), *FIELDS[1:]]},
            "'k' is specified as NULLABLE in provided schema",
        ),
        (pa.field("k", pa.int64(), nullable=False), {}, "Field k has changed type from STRING to INTEGER"),
        (pa.field("other", pa.string()), {}, "Field k is missing in new schema"),
        (None, {"lists": False, "schema": FIELDS}, "Field xs has changed type from FLOAT to RECORD"),
        (None, {"schema": [SchemaField("k", "JSON")]}, "Unsupported field type: JSON"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(
    client: Any, field: pa.Field | None, options: dict[str, Any], message: str
) -> None:
    send(client, parquet([ROW]))
    schema = SCHEMA if field is None else SCHEMA.set(0, field)
    row = {name: value for name, value in ROW.items() if name != "k"} | {schema[0].name: None}
    row[schema[0].name] = {pa.int64(): 1}.get(schema[0].type, "a")
    with pytest.raises(BadRequest, match=message):
        send(client, parquet([row], schema), **options)
    assert held(client) == [ROW]


def test_a_truncating_load_that_fails_leaves_the_table_as_it_was(client: Any) -> None:
    send(client, parquet([ROW]))
    nulls = pa.schema([pa.field("xs", pa.list_(pa.float64()))])
    with pytest.raises(BadRequest, match="null element"):
        send(client, parquet([{"xs": [None]}], nulls), write_disposition="WRITE_TRUNCATE")
    assert held(client) == [ROW]
    assert len(client.get_table("test.d.t").schema) == len(SCHEMA)


def test_what_is_no_parquet_or_has_no_dataset_is_refused(client: Any) -> None:
    with pytest.raises(BadRequest, match="Error while reading data"):
        send(client, io.BytesIO(b"not parquet"))
    with pytest.raises(NotFound, match="Dataset test:gone"):
        send(client, parquet([ROW]), to="test.gone.t")
    with pytest.raises(NotFound, match=r"Table test:d\.t"):
        send(client, parquet([ROW]), create_disposition="CREATE_NEVER")


def test_json_lines_can_be_loaded(client: Any) -> None:
    client.create_table(Table("test.d.t", [SchemaField("k", "STRING"), SchemaField("facts", "JSON")]))
    client.load_table_from_json([{"k": "a", "facts": {"n": [1, 2]}}], "test.d.t", job_config=LoadJobConfig()).result()
    assert held(client) == [{"k": "a", "facts": {"n": [1, 2]}}]


def test_a_query_can_write_its_rows_to_a_table(client: Any) -> None:
    config = QueryJobConfig(destination="test.d.out", write_disposition="WRITE_TRUNCATE")
    for value in (1, 2):
        client.query(f"SELECT {value} AS x, 'a' AS s", job_config=config).result()
    assert [tuple(row.values()) for row in client.list_rows("test.d.out")] == [(2, "a")]
    client.copy_table("test.d.out", "test.d.copy").result()
    assert [row.x for row in client.list_rows("test.d.copy")] == [2]
