from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.outbound import LONGEST_BODY, Answer, OutboundError, hosts_of, post
from dashboard.public_address import is_disguised, is_public
from tests.alerts.certificates import Certificates, make_certificates
from tests.alerts.closed_port import closed_port
from tests.alerts.http_server import HUGE, HttpServer, Reply, http_server
from tests.longer import slow

LOCAL = frozenset({"127.0.0.1", "localhost"})
SECRET = "T0KEN/S3CRET"
SHORT = 0.8
"""Seconds for a server that would never end: enough to connect and to write on a busy machine."""


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with http_server() as running:
        yield running


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def ask(url: str, **options: Any) -> Answer:
    return post(url, b"{}", {"X-A": "b"}, **({"private_hosts": LOCAL, "deadline": 10} | options))


def refused(url: str, **options: Any) -> OutboundError:
    with pytest.raises(OutboundError) as error:
        ask(url, **options)
    assert error.value.reason.endswith(".")
    assert "\n" not in error.value.reason
    assert "S3CRET" not in str(error.value)
    return error.value


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name stands for ``addresses`` now; the names that were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *rest: Any, **options: Any) -> Any:
        asked.append(host)
        return [found for address in addresses for found in real(address, port, *rest, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_a_request_arrives_as_it_was_given(server: HttpServer) -> None:
    server.answer = lambda request: Reply(201, b'{"id": 7}', {"X-Found": "yes"})
    answer = post(f"{server.url}/a/b?c=d%20e", b'{"n": 1}', {"X-A": "b"}, private_hosts=LOCAL)
    assert (answer.status, answer.body, answer.headers["x-found"]) == (201, b'{"id": 7}', "yes")
    (request,) = server.requests
    assert (request.method, request.path, request.json) == ("POST", "/a/b?c=d%20e", {"n": 1})
    assert request.headers["x-a"] == "b"
    assert request.headers["host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("status", [302, 307, 404, 409, 500, 503])
def test_every_status_is_an_answer_and_none_is_followed_or_repeated(server: HttpServer, status: int) -> None:
    server.fault = str(status)
    assert ask(server.url).status == status
    assert len(server.requests) == 1


def test_no_proxy_of_the_environment_is_used(server: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, f"http://127.0.0.1:{closed_port()}")
    assert ask(server.url).status == 200


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("hang", "did not answer within 0.8 s"),
        ("cut", "broke off the line"),
        ("nonsense", "broke off the line"),
    ],
)
def test_what_may_have_arrived_is_said_to_have_been_sent(server: HttpServer, fault: str, said: str) -> None:
    server.fault = fault
    error = refused(f"{server.url}/{SECRET}?key={SECRET}", deadline=SHORT)
    assert error.sent
    assert said in error.reason
    assert len(server.requests) == 1


def test_what_nobody_took_is_said_not_to_have_been_sent() -> None:
    error = refused(f"http://127.0.0.1:{closed_port()}/{SECRET}")
    assert not error.sent
    assert "takes no connection" in error.reason


def test_a_body_that_never_ends_is_cut_where_the_time_is_over(server: HttpServer) -> None:
    server.fault = "drip_body"
    answer = ask(server.url, deadline=SHORT)
    assert answer.status == 200
    assert len(answer.body) < 1000


def test_headers_that_never_end_hold_nobody_up_and_are_not_logged(
    server: HttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    server.fault = "drip"
    assert ask(f"{server.url}/{SECRET}", deadline=SHORT).status == 200
    assert caplog.text == "", "a library that logs an address logs a secret"


def test_a_huge_body_is_read_to_its_bound(server: HttpServer) -> None:
    server.fault = "huge"
    assert len(ask(server.url).body) == LONGEST_BODY < HUGE


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost."],
)
def test_this_machine_is_not_asked_unless_it_is_named(server: HttpServer, host: str) -> None:
    error = refused(f"https://{host}:{server.port}/{SECRET}", private_hosts=frozenset())
    assert not error.sent
    assert "private_hosts" in error.reason
    assert not server.requests


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "127.0.0.01", "0", "8.8", "1.1.1.1.0x1"]
)
def test_a_number_is_no_host_even_where_the_address_is_named(server: HttpServer, host: str) -> None:
    error = refused(f"http://{host}:{server.port}/", private_hosts=LOCAL | {host})
    assert not error.sent
    assert not server.requests


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255"),
        *("::1", "fe80::1", "fd00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::"),
        *("192.88.99.1", "::ffff:192.88.99.1", "3fff::1", "2001:4860::5efe:10.0.0.1", "2001:4860::200:5efe:7f00:1"),
        *("64:ff9b:1::1", "2001:db8::1", "::10.0.0.1", "192.0.2.1", "240.0.0.1", "0.0.0.0", "::", "fe80::1%eth0", "x"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["8.8.8.8", "example.org", "a.b.c1", "1and1.example", "::1", "dead.beef"])
def test_names_and_plain_addresses_are_no_disguise(host: str) -> None:
    assert not is_disguised(host)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("169.254.169.254",), ("::1",)])
def test_a_name_at_any_private_address_is_not_asked(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    resolving(monkeypatch, *addresses)
    error = refused(f"https://hooks.example.org:{server.port}/{SECRET}", private_hosts=LOCAL)
    assert error.reason.startswith("The host hooks.example.org is at an address that is not public")
    assert not error.sent
    assert not server.requests


def test_a_name_that_is_allowed_is_looked_up_once_and_asked_by_that_address(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, "127.0.0.1")
    answer = ask(f"http://Hooks.Example.org:{server.port}/x", private_hosts=frozenset({"hooks.example.org"}))
    assert answer.status == 200
    assert asked == ["hooks.example.org"]
    assert server.requests[0].headers["host"] == f"hooks.example.org:{server.port}"


@pytest.mark.parametrize("named", ["example.org", "a.hooks.example.org", "*", "hooks.example.org.evil.example"])
def test_only_that_very_name_is_allowed(server: HttpServer, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    resolving(monkeypatch, "127.0.0.1")
    refused(f"https://hooks.example.org:{server.port}/", private_hosts=frozenset({named}))
    assert not server.requests


def test_the_next_address_is_tried_where_the_first_is_closed(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.2", "127.0.0.1")  # the server listens at the second alone
    assert ask(f"http://hooks.example.org:{server.port}/", private_hosts=frozenset({"hooks.example.org"})).status == 200


@pytest.mark.parametrize(
    "url",
    [
        f"ftp://example.org/{SECRET}",
        f"file:///{SECRET}",
        f"https:///{SECRET}",
        f"https://exa mple.org:port/{SECRET}",
        f"https://[fe80::1%25eth0]/{SECRET}",
        f"https://exa..mple.org/{SECRET}",
        f"https://{'a' * 70}.org/{SECRET}",
        f"//example.org/{SECRET}",
        "",
    ],
)
def test_addresses_of_another_form_are_not_asked(url: str) -> None:
    assert not refused(url).sent


def test_a_login_in_an_address_is_not_taken(server: HttpServer) -> None:
    error = refused(f"http://user:S3CRET@127.0.0.1:{server.port}/")
    assert "holds a login" in error.reason
    assert not server.requests


def test_an_open_line_leads_only_to_a_host_that_is_named() -> None:
    error = refused("http://8.8.8.8/", private_hosts=frozenset())
    assert not error.sent
    assert "not be encrypted" in error.reason


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, f"Name or service not known {SECRET}")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = refused(f"https://nowhere.example/{SECRET}")
    assert error.reason == "No address is known for the host nowhere.example."
    assert not error.sent


@pytest.mark.parametrize("value", [f"Bearer {SECRET}\n", f"{SECRET}\r\nX-B: c", f"{SECRET}\u2028", f"\x00{SECRET}"])
def test_no_header_begins_another(server: HttpServer, value: str) -> None:
    with pytest.raises(OutboundError) as error:
        post(server.url, b"", {"Authorization": value}, private_hosts=LOCAL)
    assert "S3CRET" not in str(error.value)
    assert "Authorization" in str(error.value)
    assert not server.requests


def test_tls_is_verified_by_the_name(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted: dict[str, Any] = {"verify": str(certificates.ca)}
    with http_server(certificates=certificates) as server:
        assert ask(server.url, **trusted).status == 200
        assert ask(f"https://localhost:{server.port}", **trusted).status == 200
        # The same machine by a name that the certificate does not have.
        resolving(monkeypatch, "127.0.0.1")
        error = refused(
            f"https://hooks.example.org:{server.port}/{SECRET}", private_hosts={"hooks.example.org"}, **trusted
        )
        assert not error.sent
        assert "certificate of hooks.example.org" in error.reason
        assert len(server.requests) == 2


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificates: Certificates) -> None:
    with http_server(certificates=certificates) as server:
        error = refused(server.url)
        assert not error.sent
        assert "is not trusted" in error.reason
        assert not server.requests


@pytest.mark.parametrize("fault", ["cut", *slow("hang")])
def test_over_tls_the_same_is_known(certificates: Certificates, fault: str) -> None:
    with http_server(certificates=certificates, fault=fault) as server:
        assert refused(server.url, verify=str(certificates.ca), deadline=4).sent
        assert len(server.requests) == 1


def test_a_server_that_speaks_no_tls(server: HttpServer) -> None:
    error = refused(f"https://127.0.0.1:{server.port}/{SECRET}", deadline=5)
    assert not error.sent
    assert not server.requests


def test_a_file_of_certificates_that_is_not_there(tmp_path: Path) -> None:
    with http_server() as server:
        error = refused(f"https://127.0.0.1:{server.port}", verify=str(tmp_path / "none.pem"))
    assert not error.sent


def test_the_names_in_the_setting() -> None:
    assert hosts_of(" Airflow.example.org ,10.0.0.1,, ") == {"airflow.example.org", "10.0.0.1"}
    assert hosts_of("") == frozenset()
