"""A BigQuery server for tests and demonstrations: HTTP and gRPC on loopback, DuckDB underneath.

``python -m tests.bigquery.server --port 9050 --folder build/bigquery`` runs it in the foreground.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.bigquery import load
from tests.bigquery.errors import ApiError, of
from tests.bigquery.faults import KINDS, REPLIES, Fault, Faults, Log, Request
from tests.bigquery.jobs import Jobs
from tests.bigquery.routes import Api, Call
from tests.bigquery.shapes import Resource
from tests.bigquery.storage_read import StorageRead
from tests.bigquery.tables import Database

PREFIX = "/bigquery/v2"


class BigQueryServer:
    """The server: its address, its clients, its faults and the log of its requests."""

    def __init__(self, folder: Path | None = None, *, location: str = "US") -> None:
        self.database = Database(folder, location=location)
        self.jobs = Jobs(self.database)
        self.api = Api(self.database, self.jobs)
        self.faults, self.log, self.uploads = Faults(), Log(), load.Uploads()
        self.stopping = threading.Event()
        self.storage = StorageRead(self.jobs, self.faults, self.log, self.stopping)
        self.address = ""
        self._http: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def start(self, *, port: int = 0, grpc_port: int = 0) -> BigQueryServer:
        """Listen on loopback, on free ports unless given."""
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = _Http(("127.0.0.1", port), handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self.storage.start(grpc_port)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every request, stop listening, close the files."""
        self.stopping.set()
        if self._http is not None and self._thread is not None:
            self._http.shutdown()
            self._thread.join()
            self._http.server_close()
        self.storage.stop()
        self.database.close()

    def __enter__(self) -> BigQueryServer:
        return self if self._http else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def client(self, project: str = "test", **options: Any) -> Any:
        """A genuine ``google.cloud.bigquery.Client`` of this server."""
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import bigquery

        return bigquery.Client(
            project=project,
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
            client_options={"api_endpoint": self.address},
            **options,
        )

    def storage_client(self) -> Any:
        """A genuine ``BigQueryReadClient`` of this server; close it with ``transport.close()``."""
        import grpc  # type: ignore[import-untyped]
        from google.cloud.bigquery_storage_v1 import BigQueryReadClient
        from google.cloud.bigquery_storage_v1.services.big_query_read.transports import BigQueryReadGrpcTransport

        return BigQueryReadClient(  # type: ignore[no-untyped-call]
            transport=BigQueryReadGrpcTransport(channel=grpc.insecure_channel(self.storage.address))
        )

    def queries(self, match: str = "") -> list[Request]:
        """The requests that started a job of SQL (not the dry runs), of those in which ``match`` is found."""
        started = r"^POST \S+/(queries|jobs)$"
        return [
            one
            for one in self.log
            if re.search(started, one.line)
            and "query" in (one.job or {}).get("configuration", {})
            and not (one.job or {})["configuration"].get("dryRun")
            and re.search(match, one.text, re.DOTALL)
        ]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the server's."""


class _Handler(BaseHTTPRequestHandler):
    owner: BigQueryServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the log keeps every request."""

    def _handle(self) -> None:
        began, owner = time.monotonic(), self.owner
        place = urlsplit(self.path)
        body = self._body()
        if place.path.startswith("/control/"):
            return self._send(200, self._control(place.path, body))
        line = f"{self.command} {unquote(place.path).removeprefix('/upload').removeprefix(PREFIX)}"
        query = dict(parse_qsl(place.query))
        resource, data = self._resource(query, body)
        about = self._about(line, resource)
        text = f"{line}\n{about}"
        fault = owner.faults.take(text, *REPLIES, "hang", "torn", "lost")
        status = 200
        reply: Resource = {}
        headers: dict[str, str] = {}
        if fault and fault.kind == "hang":
            owner.log.add(Request(line, about, 0, fault.seconds))
            owner.stopping.wait(fault.seconds)
            return self._hang_up()
        try:
            if fault and fault.kind in REPLIES:
                raise fault.error()
            status, reply, headers = self._answer(line, query, resource, data, text)
        except Exception as error:
            wrong = of(error)
            status, reply = wrong.code, wrong.body()
        owner.log.add(Request(line, about, status, time.monotonic() - began, self._job(line, resource, reply)))
        if fault and fault.kind == "lost":
            return self._hang_up()
        return self._send(status, reply, headers, torn=bool(fault and fault.kind == "torn"))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _resource(self, query: dict[str, str], body: bytes) -> tuple[Resource, bytes]:
        """What the request says, and the data it brings."""
        if query.get("uploadType") == "multipart":
            return load.multipart(self.headers["Content-Type"], body)
        if "upload_id" in query:
            return self.owner.uploads.about(query["upload_id"]), body
        return (json.loads(body) if body[:1] == b"{" else {}), b""

    def _about(self, line: str, resource: Resource) -> str:
        """Labels, tables and SQL of a request, or of the job it asks after: what faults and counts look at."""
        config = resource.get("configuration") or resource
        parts = line.split("/")
        if not resource and len(parts) > 4 and parts[3] in ("queries", "jobs"):
            config = (self.owner.jobs.known(parts[2], parts[4]) or {}).get("configuration", {})
        found = [f"label {name}={value}" for name, value in (config.get("labels") or {}).items()]
        for kind in ("load", "copy"):
            if kind in config:
                to = config[kind]["destinationTable"]
                found.append(f"{kind} {to['datasetId']}.{to['tableId']}")
        asked = config.get("query") or ""
        return "\n".join([*found, asked["query"] if isinstance(asked, dict) else str(asked)])

    def _job(self, line: str, resource: Resource, reply: Resource) -> dict[str, Any] | None:
        reference = reply.get("jobReference") or {}
        found = self.owner.jobs.known(reference.get("projectId", ""), reference.get("jobId"))
        if found is None and line.startswith("POST") and ("query" in resource or "configuration" in resource):
            labels = resource.get("labels") or {}
            asked = {"query": {"query": resource.get("query")}, "labels": labels, "dryRun": resource.get("dryRun")}
            return {"configuration": resource.get("configuration") or asked}
        return found

    def _answer(
        self, line: str, query: dict[str, str], resource: Resource, data: bytes, text: str
    ) -> tuple[int, Resource, dict[str, str]]:
        method, path = line.split(" ", 1)
        owner = self.owner
        if query.get("uploadType") == "resumable" and "upload_id" not in query:
            base, _, _ = self.path.partition("?")
            name = owner.uploads.begin(resource)
            return 200, {}, {"Location": f"{owner.address}{base}?uploadType=resumable&upload_id={name}"}
        if "upload_id" in query:
            came, whole, data = owner.uploads.put(query["upload_id"], self.headers.get("Content-Range", ""), data)
            if whole is None:
                return 308, {}, {"Range": f"bytes=0-{came - 1}"} if came else {}
            method, resource = "POST", whole
        call = Call(
            query,
            resource,
            data,
            etag=self.headers.get("If-Match"),
            job_fault=owner.faults.take(text, "job") if method == "POST" else None,
            pending=owner.faults.take(text, "pending") if method == "POST" else None,
        )
        return 200, owner.api.answer(method, path, call), {}

    def _control(self, path: str, body: bytes) -> Resource:
        """For a server in another process: POST or DELETE /control/faults, GET /control/requests."""
        if path == "/control/faults":
            if self.command == "POST":
                self.owner.faults.add(Fault(**json.loads(body)))
            else:
                self.owner.faults.clear()
            return {"kinds": list(KINDS)}
        found = [{"line": one.line, "about": one.about, "status": one.status, "job": one.job} for one in self.owner.log]
        return {"requests": found}

    def _send(self, status: int, reply: Resource, headers: dict[str, str] | None = None, *, torn: bool = False) -> None:
        data = json.dumps(reply).encode() if status != 204 else b""
        self.send_response(status)
        plain = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        for name, value in (plain | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if torn else data)
        if torn:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def main() -> None:
    """Run the server in the foreground until it is interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bigquery.server", description=__doc__)
    parser.add_argument("--port", type=int, default=9050, help="the port of HTTP")
    parser.add_argument(
        "--grpc-port", type=int, default=0, help="the port of Storage Read; by default the one after --port"
    )
    parser.add_argument("--folder", type=Path, help="where the tables are kept; in memory without it")
    parser.add_argument("--project", default="demo", help="the project of --dataset")
    parser.add_argument("--dataset", help="a dataset to make if there is none")
    parser.add_argument("--location", default="US", help="where the datasets are said to be")
    given = parser.parse_args()
    server = BigQueryServer(given.folder, location=given.location)
    if given.dataset and (given.project, given.dataset) not in server.database.datasets:
        server.database.create_dataset(given.project, {"datasetReference": {"datasetId": given.dataset}})
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    with server.start(port=given.port, grpc_port=given.grpc_port or given.port + 1):
        print(f"BigQuery at {server.address}, Storage Read at {server.storage.address}", flush=True)
        done.wait()


__all__ = ["ApiError", "BigQueryServer", "Fault"]

if __name__ == "__main__":
    main()
