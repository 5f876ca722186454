"""The Storage Read API over gRPC: sessions on tables and results, read as Arrow."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc  # type: ignore[import-untyped]
import pyarrow as pa

from tests.bigquery.errors import ApiError, not_found, of
from tests.bigquery.faults import Fault, Faults, Log, Request
from tests.bigquery.jobs import Jobs
from tests.bigquery.kinds import arrow_field
from tests.bigquery.statement import run

SERVICE: Final = "google.cloud.bigquery.storage.v1.BigQueryRead"
BATCH_ROWS: Final = 20_000

_CODES: Final = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    409: grpc.StatusCode.ALREADY_EXISTS,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    500: grpc.StatusCode.INTERNAL,
    503: grpc.StatusCode.UNAVAILABLE,
}


class StorageRead:
    """The gRPC server; ``address`` is its host and port once it is started."""

    def __init__(self, jobs: Jobs, faults: Faults, log: Log, stopping: threading.Event) -> None:
        self._jobs, self._faults, self._log, self._stopping = jobs, faults, log, stopping
        self._streams: dict[str, pa.Table] = {}
        self._server = grpc.server(ThreadPoolExecutor(max_workers=16))
        self.address = ""

    def start(self, port: int = 0) -> None:
        """Listen on loopback."""
        from google.cloud.bigquery_storage_v1 import types

        handlers = {
            "CreateReadSession": grpc.unary_unary_rpc_method_handler(
                lambda request, context: self._answer("CreateReadSession", self._create, request, context),
                request_deserializer=types.CreateReadSessionRequest.deserialize,
                response_serializer=types.ReadSession.serialize,
            ),
            "ReadRows": grpc.unary_stream_rpc_method_handler(
                self._read,
                request_deserializer=types.ReadRowsRequest.deserialize,
                response_serializer=types.ReadRowsResponse.serialize,
            ),
        }
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
        self.address = f"127.0.0.1:{self._server.add_insecure_port(f'127.0.0.1:{port}')}"
        self._server.start()

    def stop(self) -> None:
        """End all calls and stop listening."""
        self._server.stop(0).wait()

    def _meet(self, line: str, about: str, context: Any) -> Fault | None:
        """Let a fault happen that stands for the whole call; one that tears a reply is given back."""
        fault = self._faults.take(f"{line}\n{about}", *_WHOLE, "torn", "lost")
        if fault and fault.kind in _WHOLE:
            status = 0 if fault.kind == "hang" else fault.error().code
            self._log.add(Request(line, about, status, 0.0))
        if fault and fault.kind == "hang":
            self._stopping.wait(fault.seconds)
            self._abort(context, ApiError("The call hung", code=503))
        if fault and fault.kind in _WHOLE:
            self._abort(context, fault.error())
        return fault

    def _abort(self, context: Any, error: ApiError) -> None:
        context.abort(_CODES[error.code], error.message)

    def _answer(self, name: str, work: Callable[[Any], Any], request: Any, context: Any) -> Any:
        began, about = time.monotonic(), str(request.read_session.table)
        fault = self._meet(f"gRPC {name}", about, context)
        status = 200
        try:
            found = work(request)
        except Exception as error:
            wrong = of(error)
            status = wrong.code
            found = None
        self._log.add(Request(f"gRPC {name}", about, status, time.monotonic() - began))
        if found is None:
            self._abort(context, wrong)
        if fault:
            self._abort(context, ApiError("The connection was lost", code=503))
        return found

    def _create(self, request: Any) -> Any:
        from google.cloud.bigquery_storage_v1 import types

        asked = request.read_session
        rows = self._rows(asked)
        streams = 1 if request.max_stream_count == 1 or rows.num_rows < 2 * BATCH_ROWS else 2
        cut = -(-rows.num_rows // streams)
        names = []
        for index in range(streams if rows.num_rows else 0):
            names.append(f"{request.parent}/locations/us/sessions/{uuid.uuid4().hex}/streams/{index}")
            self._streams[names[-1]] = rows.slice(index * cut, cut)
        return types.ReadSession(
            name=names[0].rpartition("/streams")[0] if names else "empty",
            table=asked.table,
            data_format=types.DataFormat.ARROW,
            arrow_schema=types.ArrowSchema(serialized_schema=rows.schema.serialize().to_pybytes()),
            streams=[types.ReadStream(name=name) for name in names],
            estimated_row_count=rows.num_rows,
            estimated_total_bytes_scanned=rows.nbytes,
        )

    def _rows(self, asked: Any) -> pa.Table:
        place = re.fullmatch(r"projects/([^/]+)/datasets/([^/]+)/tables/([^/]+)", asked.table)
        if place is None:
            raise ApiError(f"Invalid table: {asked.table}")
        key = (place[1], place[2], place[3])
        names = list(asked.read_options.selected_fields)
        if key in self._jobs.results:
            rows, _ = self._jobs.results[key]
            return rows.select(names or rows.column_names)
        if key not in self._jobs.database.tables:
            raise not_found("Table", asked.table)
        columns = ", ".join(f"`{name}`" for name in names) or "*"
        where = asked.read_options.row_restriction
        sql = f"SELECT {columns} FROM `{'.'.join(key)}`" + (f" WHERE {where}" if where else "")
        outcome = run(sql, self._jobs.scope(key[0], {}, None))
        assert outcome.rows is not None
        fields = {field["name"]: field for field in self._jobs.database.fields(key)}
        schema = pa.schema([arrow_field(fields[name]) for name in outcome.rows.column_names])
        return outcome.rows.cast(schema)

    def _read(self, request: Any, context: Any) -> Iterator[Any]:
        from google.cloud.bigquery_storage_v1 import types

        began, line = time.monotonic(), "gRPC ReadRows"
        fault = self._meet(line, request.read_stream, context)
        rows = self._streams.get(request.read_stream)
        self._log.add(Request(line, request.read_stream, 200 if rows is not None else 404, time.monotonic() - began))
        if rows is None:
            self._abort(context, not_found("Stream", request.read_stream))
            return
        batches = rows.slice(request.offset).combine_chunks().to_batches(max_chunksize=BATCH_ROWS)
        for index, batch in enumerate(batches):
            if fault and index == len(batches) // 2:
                self._abort(context, ApiError("The stream was torn", code=503))
            response = types.ReadRowsResponse(
                arrow_record_batch=types.ArrowRecordBatch(
                    serialized_record_batch=batch.serialize().to_pybytes(), row_count=batch.num_rows
                ),
                row_count=batch.num_rows,
            )
            if index == 0:
                response.arrow_schema = types.ArrowSchema(serialized_schema=rows.schema.serialize().to_pybytes())
            yield response


_WHOLE = ("unavailable", "internal", "rate_limited", "too_many", "quota", "denied", "expired", "hang")
