"""Pages on BigQuery while it fails: the genuine client, a server of the tests' own, and its requests counted."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.web.gate import Gate
from dashboard.web.outage import AGAIN
from qod.warehouse import open_warehouse
from tests.bigquery.server import BigQueryServer, Fault
from tests.warehouse.bigquery_home import ADDRESS
from tests.web.asking import Asker, main, of_class, question, text
from tests.web.failing import Clock, together
from tests.web.in_bigquery import deliver, fleet_in_bigquery

LIMIT = 1.5
"""Seconds that a question may take in these tests; 9 in the product (tests/web/test_gate.py)."""
MODEL = "/models/churn-postpaid"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BigQueryServer]:
    from tests.web.lake import small_fleet

    with fleet_in_bigquery(small_fleet(tmp_path_factory.mktemp("lake"))) as server:
        yield server


@pytest.fixture
def server(shared: BigQueryServer) -> Iterator[BigQueryServer]:
    shared.log.clear()
    yield shared
    shared.faults.clear()
    while any(thread.name in ("question", "bigquery") for thread in threading.enumerate()):
        time.sleep(0.02)  # questions that were given up go on until their reply breaks off


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asker(server: BigQueryServer, clock: Clock) -> Asker:
    """Pages that ask for the stamp with every request."""
    gate = Gate(clock=clock, limit_seconds=LIMIT)
    return Asker(open_warehouse(ADDRESS), gate=gate, refresh_seconds=0, warehouse=ADDRESS)


def page_of(asker: Asker, address: str = "/") -> tuple[str, str]:
    """The text of a page, and of the banner above it ('' without one)."""
    nodes, _ = asker.ask(address)
    assert "Traceback" not in str(nodes)
    return text(main(nodes)), text(of_class(nodes, "outage"))


def asked(server: BigQueryServer, match: str = "") -> Counter[str]:
    """How often each query was started."""
    return Counter(request.labels["query"] for request in server.queries(match))


def asked_as_by_one_reader(server: BigQueryServer, query: str) -> bool:
    """Whether a question came as often as the client of one reader sends it, which tries up to three times."""
    return 1 <= server.log.count(f"label query={query}") <= 3


STAMP = r"GET /projects/test/datasets/d/tables/standing$"
"""One of the look-ups that tell whether anything changed."""


def looked_as_by_one_reader(server: BigQueryServer) -> bool:
    """Whether that came as often as the client of one reader sends it, which tries up to three times."""
    return 1 <= server.log.count(STAMP) <= 3


# -- it fails, and comes back ------------------------------------------------------------------------------

FAULTS = {
    "unavailable": "The warehouse is busy and turns questions away.",
    "too_many": "The warehouse is busy and turns questions away.",
    "torn": "The warehouse broke off its answer.",
    "expired": "The warehouse no longer accepts this server's credentials.",
    "quota": "The quota for questions to the warehouse is used up.",
    "denied": "This server is not allowed to read the warehouse.",
    "hang": "The warehouse took too long to answer.",
}


@pytest.mark.parametrize(("kind", "sentence"), FAULTS.items(), ids=FAULTS)
def test_the_last_good_page_stands_while_bigquery_fails_and_it_comes_back(
    asker: Asker, server: BigQueryServer, clock: Clock, kind: str, sentence: str
) -> None:
    good = {address: page_of(asker, address)[0] for address in ("/", MODEL)}
    server.faults.add(Fault(kind, times=None, seconds=LIMIT + 0.2))
    began = time.monotonic()
    for address, words in good.items():
        shown, banner = page_of(asker, address)
        assert shown == words
        assert banner.startswith(sentence)
    assert time.monotonic() - began < 2 * LIMIT
    server.faults.clear()
    clock.now += 5
    deliver(server)
    for address, words in good.items():
        assert page_of(asker, address) == (words, "")


@pytest.mark.parametrize(("kind", "sentence"), FAULTS.items(), ids=FAULTS)
def test_a_page_is_of_one_version_though_only_some_of_its_questions_fail(
    asker: Asker, server: BigQueryServer, clock: Clock, kind: str, sentence: str
) -> None:
    good = page_of(asker, MODEL)[0]
    deliver(server)
    server.faults.add(Fault(kind, "label query=model_findings", times=None, seconds=LIMIT + 0.2))
    shown, banner = page_of(asker, MODEL)
    assert shown == good
    assert banner.startswith(sentence)
    server.faults.clear()
    clock.now += 5
    assert page_of(asker, MODEL) == (good, "")


def test_a_short_failure_is_not_noticed(asker: Asker, server: BigQueryServer) -> None:
    server.faults.add(Fault("unavailable", "label query=fleet", times=1))
    words, banner = page_of(asker)
    assert "need attention" in words
    assert not banner


def test_a_first_visit_while_bigquery_fails(asker: Asker, server: BigQueryServer, clock: Clock) -> None:
    server.faults.add(Fault("expired", times=None))
    words, _ = page_of(asker)
    assert words == f"The warehouse no longer accepts this server's credentials. {AGAIN.en} Try again"
    assert asker.client.get("/health").get_json() == {"status": "ok"}
    server.faults.clear()
    clock.now += 5
    assert "need attention" in page_of(asker)[0]


# -- eight readers -----------------------------------------------------------------------------------------


def test_eight_readers_at_once_ask_each_question_once(server: BigQueryServer) -> None:
    asker = Asker(open_warehouse(ADDRESS), warehouse=ADDRESS)
    pages = together(lambda: page_of(asker, MODEL))
    assert len(set(pages)) == 1
    found = asked(server)
    assert server.log.count(STAMP) == 1
    assert len(found) > 4
    assert set(found.values()) == {1}
    assert len(server.queries("label page=model")) == sum(found.values()), "every job says which page it is for"


def test_a_hang_costs_once_and_not_for_each_of_eight_readers(asker: Asker, server: BigQueryServer) -> None:
    good = page_of(asker)[0]
    server.log.clear()
    server.faults.add(Fault("hang", times=None, seconds=LIMIT + 0.2))
    began = time.monotonic()
    pages = together(lambda: page_of(asker))
    waited = time.monotonic() - began
    assert {words for words, _ in pages} == {good}
    assert LIMIT <= waited < 2 * LIMIT
    began = time.monotonic()
    assert all(banner for _, banner in together(lambda: page_of(asker)))
    assert time.monotonic() - began < LIMIT, "nobody waits a second time"
    assert looked_as_by_one_reader(server)
    assert not server.queries()


def test_eight_first_readers_share_one_hang(asker: Asker, server: BigQueryServer) -> None:
    server.faults.add(Fault("hang", times=None, seconds=LIMIT + 0.2))
    began = time.monotonic()
    pages = together(lambda: page_of(asker, MODEL))
    assert time.monotonic() - began < 2 * LIMIT
    assert {words for words, _ in pages} == {f"The warehouse took too long to answer. {AGAIN.en} Try again"}
    assert looked_as_by_one_reader(server)
    assert not server.queries()


def test_eight_readers_share_one_hanging_question_of_a_page(asker: Asker, server: BigQueryServer) -> None:
    good = page_of(asker, MODEL)[0]
    deliver(server)
    server.log.clear()
    server.faults.add(Fault("hang", "label query=model_findings", times=None, seconds=LIMIT + 0.2))
    began = time.monotonic()
    pages = together(lambda: page_of(asker, MODEL))
    assert time.monotonic() - began < 2 * LIMIT
    assert {words for words, _ in pages} == {good}
    assert asked_as_by_one_reader(server, "model_findings")


# -- what it costs -----------------------------------------------------------------------------------------


def test_within_the_life_of_the_cache_nothing_is_asked(server: BigQueryServer) -> None:
    asker = Asker(open_warehouse(ADDRESS), warehouse=ADDRESS)
    addresses = ("/", "/?sort=model", MODEL, "/glossary")
    first = [page_of(asker, address) for address in addresses]
    server.log.clear()
    assert [page_of(asker, address) for address in addresses] == first
    together(lambda: page_of(asker))
    assert asker.client.get("/_models.json").status_code == 200
    assert list(server.log) == []


# -- the server that 'vigie serve' starts, as it is when nothing is set ------------------------------------


@pytest.fixture
def served(server: BigQueryServer, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("vigie")), "serve", "--port", str(port)]
    environment = {**os.environ, "VIGIE_WAREHOUSE": ADDRESS}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(15)


def test_eight_readers_of_the_real_server_cause_one_question_each_and_then_none(
    served: str, server: BigQueryServer
) -> None:
    def read(address: str) -> Any:
        request = urllib.request.Request(
            f"{served}/_dash-update-component",
            json.dumps(question(address)).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["response"]["app"]["children"]

    pages = together(lambda: read(MODEL))
    assert all(page == pages[0] for page in pages)
    found = asked(server, "label page=")
    assert server.log.count(STAMP) == 1
    assert found["model_findings"] == 1
    assert set(found.values()) == {1}, "the server's own warming, and eight readers"
    server.log.clear()
    server.faults.add(Fault("unavailable", times=None))
    assert together(lambda: read(MODEL)) == pages
    assert list(server.log) == []
