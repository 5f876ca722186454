"""Who writes, with Identity-Aware Proxy in front: assertions signed by keys of our own, served on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from google.auth import crypt, jwt

from dashboard.settings import Settings
from dashboard.web.identity import HEADER, ISSUER, KEEP_SECONDS, RETRY_SECONDS, Identity, Keys, RefusedError
from qod.warehouse import open_warehouse
from tests.web.asking import Asker
from tests.web.failing import Clock
from tests.web.lake import small_fleet

AUDIENCE = "/projects/1/locations/europe-west1/services/vigie"
KEY = "019a9c3e-7f00-7abc-8def-0123456789ab"


@dataclass
class Pair:
    """A key of the proxy: its name, the signer, and what is published of it."""

    name: str
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> str:
        return (
            self.key.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    def sign(self, *, name: str | None = None, **changed: Any) -> str:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "1", "email": "ada@example.org", "iat": now, "exp": now + 600}
        claims = {key: value for key, value in (claims | changed).items() if value is not None}
        signer = crypt.ES256Signer(self.key, name or self.name)
        return jwt.encode(signer, claims).decode()


@dataclass
class Published:
    """The server of the keys; ``body`` is what it answers, ``asked`` how often it was asked."""

    address: str = ""
    body: str = "{}"
    status: int = 200
    asked: int = 0

    def publish(self, *pairs: Pair) -> None:
        self.body = json.dumps({pair.name: pair.public for pair in pairs})


@pytest.fixture
def published() -> Iterator[Published]:
    state = Published()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            self.send_response(state.status)
            self.end_headers()
            self.wfile.write(state.body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}/keys"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


ONE, TWO = Pair("one"), Pair("two")


def identity(published: Published, clock: Clock | None = None) -> Identity:
    keys = Keys(published.address, clock=clock or Clock())
    return Identity(Settings(environment="run", iap_audience=AUDIENCE), keys)


def test_the_verified_address_is_the_author(published: Published) -> None:
    published.publish(ONE, TWO)
    who = identity(published)
    assert [who.author({HEADER: pair.sign()}) for pair in (ONE, TWO, ONE)] == ["ada@example.org"] * 3
    assert published.asked == 1


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda: "", id="none"),
        pytest.param(lambda: "a.b.c", id="no token"),
        pytest.param(lambda: "\u00e9" * 10, id="no ascii"),
        pytest.param(lambda: "x" * 20_000, id="too long"),
        pytest.param(lambda: ONE.sign(aud="/projects/2/locations/x/services/other"), id="wrong audience"),
        pytest.param(lambda: ONE.sign(aud=None), id="no audience"),
        pytest.param(lambda: ONE.sign(iss="https://accounts.google.com"), id="wrong issuer"),
        pytest.param(lambda: ONE.sign(iat=int(time.time()) - 900, exp=int(time.time()) - 300), id="expired"),
        pytest.param(lambda: ONE.sign(iat=int(time.time()) + 300), id="from the future"),
        pytest.param(lambda: ONE.sign(exp=None), id="without an end"),
        pytest.param(lambda: TWO.sign(name="one"), id="wrong signature"),
        pytest.param(lambda: ONE.sign()[:-4] + "AAAA", id="changed signature"),
        pytest.param(lambda: TWO.sign(), id="unknown key"),
        pytest.param(lambda: ONE.sign(email=None), id="nobody"),
        pytest.param(lambda: ONE.sign(email="a\nb"), id="no address"),
        pytest.param(lambda: ONE.sign(email=["ada@example.org"]), id="no text"),
    ],
)
def test_an_assertion_that_is_not_the_proxys_may_not_write(published: Published, token: Any) -> None:
    published.publish(ONE)
    forged = {"X-Goog-Authenticated-User-Email": "accounts.google.com:root@example.org", HEADER: token()}
    with pytest.raises(RefusedError) as refused:
        identity(published).author(forged)
    assert refused.value.status == 401
    assert "root" not in refused.value.said.en


def test_an_unsigned_assertion_may_not_write(published: Published) -> None:
    published.publish(ONE)
    head, claims, _ = ONE.sign().split(".")
    import base64

    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"one"}').decode().rstrip("=")
    shared = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').decode().rstrip("=")
    for token in (f"{none}.{claims}.", f"{shared}.{claims}.AAAA", f"{head}.{claims}."):
        with pytest.raises(RefusedError):
            identity(published).author({HEADER: token})


def test_keys_are_fetched_hourly_and_for_a_new_name_but_not_without_end(published: Published) -> None:
    published.publish(ONE)
    clock = Clock()
    who = identity(published, clock)
    who.author({HEADER: ONE.sign()})
    published.publish(ONE, TWO)
    for _ in range(5):
        with pytest.raises(RefusedError):
            who.author({HEADER: TWO.sign()})
    assert published.asked == 1, "made-up names cannot make it ask again and again"
    clock.now += RETRY_SECONDS
    assert who.author({HEADER: TWO.sign()}) == "ada@example.org"
    assert published.asked == 2
    clock.now += KEEP_SECONDS - 1
    who.author({HEADER: ONE.sign()})
    assert published.asked == 2
    clock.now += 1
    published.publish(TWO)
    with pytest.raises(RefusedError):
        who.author({HEADER: ONE.sign()})
    assert published.asked == 3, "a key that was withdrawn no longer serves"


@pytest.mark.parametrize(("status", "text"), [(500, "{}"), (200, "<html>"), (200, "[]"), (200, '{"one": 1}')])
def test_while_there_are_no_keys_nobody_writes(published: Published, status: int, text: str) -> None:
    published.status, published.body = status, text
    with pytest.raises(RefusedError) as refused:
        identity(published).author({HEADER: ONE.sign()})
    assert refused.value.status == 503
    assert "Try again" in refused.value.said.en


def test_keys_of_before_serve_while_their_server_is_down(published: Published) -> None:
    published.publish(ONE)
    clock = Clock()
    who = identity(published, clock)
    who.author({HEADER: ONE.sign()})
    published.status = 500
    clock.now += KEEP_SECONDS
    assert who.author({HEADER: ONE.sign()}) == "ada@example.org"


def test_a_server_of_keys_that_is_not_there() -> None:
    who = Identity(Settings(iap_audience=AUDIENCE), Keys("http://127.0.0.1:9/keys"))
    with pytest.raises(RefusedError) as refused:
        who.author({HEADER: ONE.sign()})
    assert refused.value.status == 503


def test_without_a_proxy_people_sign_at_home_alone() -> None:
    assert Identity(Settings()).author({HEADER: ONE.sign(), "Host": "localhost:8050"}) is None
    with pytest.raises(RefusedError) as refused:
        Identity(Settings(environment="run")).author({})
    assert "VIGIE_IAP_AUDIENCE" in refused.value.said.fr


@pytest.mark.parametrize(
    ("host", "taken"),
    [
        *((host, True) for host in ("localhost", "LOCALHOST:8050", "127.0.0.1:8050", "[::1]:8050", "[::1]")),
        *((host, True) for host in ("box", "Box:80", "vigie.example.org", "one.example.org:8050")),
        *(
            (host, False)
            for host in ("evil.example", "evil.example:8050", "localhost.evil.example", "127.0.0.1.nip.io")
        ),
        *(
            (host, False)
            for host in ("localhost@evil.example", "", ":8050", "[", "[::1", "example.org", "one", "127.1")
        ),
    ],
)
def test_a_typed_name_counts_only_under_a_name_of_this_server(host: str, taken: bool) -> None:
    """A site that had its own name lead here (DNS rebinding) would come as same-origin, but under its own name."""
    who = Identity(Settings(host="box", hosts="Vigie.example.org , one.example.org"))
    if taken:
        assert who.author({"Host": host}) is None
        return
    with pytest.raises(RefusedError) as refused:
        who.author({"Host": host})
    assert refused.value.status == 403
    assert "VIGIE_HOSTS" in refused.value.said.en
    assert "VIGIE_HOSTS" in refused.value.said.fr


def test_no_list_of_hosts_lets_a_request_without_one_write() -> None:
    with pytest.raises(RefusedError):
        Identity(Settings()).author({})


def test_a_verified_person_writes_under_any_name(published: Published) -> None:
    published.publish(ONE)
    assert identity(published).author({HEADER: ONE.sign(), "Host": "vigie.example.org"}) == "ada@example.org"


def test_what_is_written_is_signed_by_the_verified_person_whatever_name_is_typed(
    published: Published, tmp_path: Path
) -> None:
    published.publish(ONE)
    small_fleet(tmp_path / "warehouse")
    warehouse = open_warehouse(tmp_path / "warehouse")
    asker = Asker(warehouse, identity=identity(published), environment="run", iap_audience=AUDIENCE)
    said = {"kind": "note", "key": KEY, "text": "x", "author": "Eve", "about": {"model_id": "fraud"}}
    here = {"Sec-Fetch-Site": "same-origin"}
    spoofed = {**here, "X-Goog-Authenticated-User-Email": "eve@example.org"}
    assert asker.client.post("/_act", json=said, headers=spoofed).status_code == 401
    assert warehouse.table("events").num_rows == 0
    assert asker.client.post("/_act", json=said, headers={**here, HEADER: ONE.sign()}).status_code == 200
    assert warehouse.table("events").column("author").to_pylist() == ["ada@example.org"]
