"""Who asks: each way in which credentials are missing, broken or refused is a sentence, within the limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from qod.errors import UnavailableError, WarehouseError
from qod.warehouse.bigquery.ask import ask
from qod.warehouse.bigquery.connect import Connection, parse_address
from tests.warehouse.bigquery_home import ADDRESS, SHORT

ASK = (
    "from qod.errors import VigieError\n"
    "from qod.warehouse import open_warehouse\n"
    "try:\n"
    f"    open_warehouse({ADDRESS!r}).query('registry')\n"
    "except VigieError as error:\n"
    "    print(type(error).__name__, error)\n"
)


def said(home: Path, **environment: str) -> str:
    """What a fresh process says that has this environment, an empty home and no metadata server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "BIGQUERY_", "GCE_"))}
    nowhere = {"HOME": str(home), "CLOUDSDK_CONFIG": str(home), "NO_GCE_CHECK": "true"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=kept | nowhere | environment, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout


def test_without_credentials_it_says_the_three_ways_to_give_them(tmp_path: Path) -> None:
    text = said(tmp_path)
    assert text.startswith("WarehouseError There are no Google credentials, so test.d cannot be read.")
    assert "gcloud auth application-default login" in text
    assert "GOOGLE_APPLICATION_CREDENTIALS" in text
    assert "attach a service account" in text
    assert text.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "was not found"),
        ("{", "is not a valid json file"),
        ("{}", "does not have a valid type"),
        ('{"type": "service_account"}', "Failed to load"),
    ],
    ids=["missing", "broken", "empty", "half"],
)
def test_a_file_of_credentials_that_cannot_be_used_is_named(tmp_path: Path, content: str | None, why: str) -> None:
    file = tmp_path / "key.json"
    if content is not None:
        file.write_text(content)
    text = said(tmp_path, GOOGLE_APPLICATION_CREDENTIALS=str(file))
    assert text.startswith("WarehouseError The credentials that GOOGLE_APPLICATION_CREDENTIALS names cannot be used:")
    assert why in text
    assert str(file) in text
    assert "Error(" not in text


# -- a service account whose tokens come from a server of the tests' own -----------------------------------


class _Tokens(BaseHTTPRequestHandler):
    """A token server that refuses, or does not answer."""

    def do_POST(self) -> None:
        owner: Any = self.server
        if owner.hangs:
            owner.released.wait(10)
            self.close_connection = True
            return
        body = json.dumps({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def tokens() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Tokens)
    server.hangs, server.released = False, threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def key(tokens: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key file of a service account, which the environment names."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "key.json"
    content = {
        "type": "service_account",
        "project_id": "test",
        "private_key_id": "1",
        "private_key": pem.decode(),
        "client_email": "vigie@test.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": f"http://127.0.0.1:{tokens.server_port}/token",
    }
    file.write_text(json.dumps(content))
    monkeypatch.delenv("BIGQUERY_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    return file


def one(seconds: float = SHORT.seconds) -> None:
    limits = replace(SHORT, seconds=seconds)
    ask(Connection(parse_address(ADDRESS)), "SELECT 1 AS x", {}, query="one", limits=limits)


def test_a_key_that_was_revoked_is_said(key: Path) -> None:
    with pytest.raises(UnavailableError, match=r"no longer accepted.*Invalid JWT Signature.*new key") as caught:
        one()
    assert caught.value.trouble == "expired"


def test_a_token_server_that_hangs_costs_no_more_than_the_limit(key: Path, tokens: Any) -> None:
    tokens.hangs = True
    began = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        one()
    assert time.monotonic() - began < SHORT.seconds + 1.0  # the clients are imported and made as well
    assert caught.value.trouble in ("hang", "unreachable")


def test_a_token_server_that_cannot_be_reached_is_said(key: Path) -> None:
    key.write_text(json.dumps(json.loads(key.read_text()) | {"token_uri": "http://127.0.0.1:9/token"}))
    with pytest.raises(UnavailableError, match="Google's token service cannot be reached") as caught:
        one(seconds=10)  # it is found out at once, but on a busy machine later than SHORT allows
    assert caught.value.trouble == "unreachable"


def test_a_server_that_stands_in_for_bigquery_is_asked_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "no/such/file")
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9")
    with pytest.raises(WarehouseError, match="BigQuery cannot be reached"):
        one()
