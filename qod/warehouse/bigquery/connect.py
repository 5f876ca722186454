"""The way to BigQuery: the address, the credentials, and one client a process."""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from qod.errors import WarehouseError

if TYPE_CHECKING:
    from google.cloud.bigquery import Client, TableReference

SCHEME: Final = "bigquery://"
_EXAMPLE: Final = "bigquery://my-project/vigie"
_PROJECT: Final = re.compile(r"[a-z][a-z0-9.:-]*[a-z0-9]")
_DATASET: Final = re.compile(r"[A-Za-z0-9_]{1,1024}")
_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)

MAX_BYTES: Final = 20 << 30
"""Bytes that a query may be billed for unless VIGIE_MAX_BYTES_BILLED says otherwise."""

EMULATOR: Final = "BIGQUERY_EMULATOR_HOST"
"""The address of a server that stands in for BigQuery, as http://127.0.0.1:9050; asked without credentials."""
STORAGE_EMULATOR: Final = "BIGQUERY_STORAGE_EMULATOR_HOST"
"""Host and port of its Storage Read API, without encryption; without it large results come by REST."""


@dataclass(frozen=True, slots=True)
class Place:
    """A dataset of a project."""

    project: str
    dataset: str

    @property
    def address(self) -> str:
        """The address that VIGIE_WAREHOUSE takes."""
        return f"{SCHEME}{self.project}/{self.dataset}"

    def __str__(self) -> str:
        return f"{self.project}.{self.dataset}"


def parse_address(address: str) -> Place:
    """The project and dataset of ``bigquery://PROJECT/DATASET``; WarehouseError says what is wrong with another."""
    project, _, dataset = address.removeprefix(SCHEME).rstrip("/").partition("/")
    hint = f"give a project and a dataset, as {_EXAMPLE}."
    if not _PROJECT.fullmatch(project):
        raise WarehouseError(
            f"The warehouse address {address!r} names no project: {project!r} cannot be one.", hint=hint
        )
    if not dataset:
        raise WarehouseError(f"The warehouse address {address!r} names no dataset of {project!r}.", hint=hint)
    if not _DATASET.fullmatch(dataset):
        raise WarehouseError(
            f"The warehouse address {address!r} names no dataset: {dataset!r} may hold letters, digits and _ alone.",
            hint=hint,
        )
    return Place(project, dataset)


class Connection:
    """The clients of one dataset, made when they are first used; safe with many threads, and after a fork.

    Making them may hang: use them within ``bounded``. ``max_bytes`` is what one query may be billed for.
    """

    def __init__(self, place: Place, *, max_bytes: int = MAX_BYTES) -> None:
        self.place = place
        self.max_bytes = max_bytes
        self.storage_denied = False
        self._forget()

    def _forget(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._made: dict[str, Any] = {}

    def _once(self, name: str, make: Any) -> Any:
        if self._pid != os.getpid():
            self._forget()  # sockets and locks of the parent process are not ours
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    @property
    def client(self) -> Client:
        """The genuine client; its calls raise google's errors (``errors.translated``)."""
        return self._once("client", self._client)  # type: ignore[no-any-return]

    @property
    def storage(self) -> Any:
        """The client of the Storage Read API; None where a server that stands in for BigQuery has none."""
        return self._once("storage", self._storage)

    def location(self) -> str:
        """Where the dataset is, as EU or europe-west1."""
        return self._once("location", self._location)  # type: ignore[no-any-return]

    def table_ref(self, name: str) -> TableReference:
        """A table of the dataset, for the client's methods."""
        from google.cloud.bigquery import DatasetReference

        return DatasetReference(self.place.project, self.place.dataset).table(name)

    def _credentials(self) -> Any:
        if os.environ.get(EMULATOR):
            from google.auth.credentials import AnonymousCredentials

            return AnonymousCredentials()  # type: ignore[no-untyped-call]
        from google.auth import default

        credentials, _ = default(scopes=_SCOPES)
        return credentials

    def _client(self) -> Any:
        from google.cloud.bigquery import Client

        endpoint = os.environ.get(EMULATOR)
        return Client(
            project=self.place.project,
            credentials=self._once("credentials", self._credentials),
            client_options={"api_endpoint": endpoint} if endpoint else None,
        )

    def _storage(self) -> Any:
        from google.cloud.bigquery_storage_v1.services.big_query_read import BigQueryReadClient

        if not os.environ.get(EMULATOR):
            return BigQueryReadClient(credentials=self._once("credentials", self._credentials))
        host = os.environ.get(STORAGE_EMULATOR)
        if not host:
            return None
        import grpc  # type: ignore[import-untyped]
        from google.cloud.bigquery_storage_v1.services.big_query_read.transports import BigQueryReadGrpcTransport

        channel = grpc.insecure_channel(host, options=[("grpc.max_receive_message_length", -1)])
        return BigQueryReadClient(transport=BigQueryReadGrpcTransport(channel=channel))

    def _location(self) -> str:
        return str(self.client.get_dataset(str(self.place), timeout=10).location)
