"""Pages while the warehouse fails, on a lake that fails on demand: the last good page, a word about it, recovery."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, get_args

import pytest

from dashboard.text import LANGUAGES, Text
from dashboard.web import html
from dashboard.web.gate import Gate
from dashboard.web.outage import AGAIN
from dashboard.web.page import Page, Request
from dashboard.web.router import Route
from dashboard.web.trouble import WORDS
from qod.errors import Trouble, UnavailableError, WarehouseError
from qod.warehouse import Warehouse
from qod.warehouse.ledger import LEDGER, Entry
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.failing import SECRET, Clock, FailingTables, together


@pytest.fixture(autouse=True)
def silent_log() -> Iterator[None]:
    """Failures go to the log on purpose; not to the test's output."""
    logger = logging.getLogger("vigie.web")
    logger.disabled = True
    yield
    logger.disabled = False


@pytest.fixture
def tables(small: Warehouse) -> FailingTables:
    return FailingTables(small)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asker(tables: FailingTables, clock: Clock) -> Asker:
    return Asker(tables, gate=Gate(clock=clock))


@pytest.fixture
def hasty(small: Warehouse, tables: FailingTables, clock: Clock) -> Asker:
    """One that gives a question up soon; the lake has been asked before, and answers in no time."""
    Asker(small).words("/")
    return Asker(tables, gate=Gate(clock=clock, limit_seconds=1.0))


def page_of(asker: Asker, address: str = "/", **headers: str) -> tuple[str, str]:
    """The text of a page, and of the banner above it ('' without one)."""
    nodes, _ = asker.ask(address, **headers)
    return text(main(nodes)), re.sub(" +", " ", text(of_class(nodes, "outage")))


def body_of(asker: Asker, address: str = "/") -> Any:
    return main(asker.ask(address)[0])


# -- the stamp cannot be had -------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", get_args(Trouble))
def test_the_last_good_page_stands_with_a_banner_and_goes_on_by_itself(
    asker: Asker, tables: FailingTables, clock: Clock, trouble: Trouble
) -> None:
    good = body_of(asker)
    tables.fail("stamp", trouble=trouble)
    words, banner = page_of(asker)
    assert body_of(asker) == good, "exactly what it was, every colour"
    assert banner.startswith(WORDS[trouble].en)
    assert "shows the last good data, evaluated on" in banner
    assert " ago. Vigie tries again by itself" in banner
    assert SECRET not in words + banner
    tables.recover()
    clock.now += 5
    assert page_of(asker) == (words, "")


def test_an_age_of_another_year_says_which(
    asker: Asker, tables: FailingTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes, _ = asker.ask("/")
    (age,) = of_kind(of_class(nodes, "age"), "Time")
    year = age["props"]["dateTime"][:4]
    assert year not in text(age)

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls(int(year) + 1, 1, 2, tzinfo=tz)

    monkeypatch.setattr("dashboard.web.shell.datetime", Later)
    monkeypatch.setattr("dashboard.web.outage.datetime", Later)
    nodes, _ = asker.ask("/")
    assert year in text(of_class(nodes, "age"))
    tables.fail("stamp", trouble="hang")
    nodes, _ = asker.ask("/")
    assert year in text(of_class(nodes, "outage"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banner_speaks_the_readers_language_and_says_the_age(
    asker: Asker, tables: FailingTables, language: str
) -> None:
    asker.ask("/")
    tables.fail("stamp", trouble="hang")
    nodes, _ = asker.ask("/", Accept_Language=language)
    (banner,) = of_class(nodes, "outage")
    assert ("il y a" if language == "fr" else " ago") in text(banner)
    assert banner["props"]["role"] == "status"
    assert text(of_kind(of_class(nodes, "age"), "Time")), "the age stands in the header as ever"


def test_a_page_of_which_nothing_is_kept_does_not_claim_to_show_old_data(asker: Asker, tables: FailingTables) -> None:
    asker.ask("/")
    tables.fail("stamp", "model_health", "versions", "batches", trouble="unreachable")
    assert page_of(asker, "/models/churn-postpaid") == (f"{WORDS['unreachable'].en} {AGAIN.en} Try again", "")


def test_while_it_fails_nobody_asks_but_one_and_less_and_less_often(
    asker: Asker, tables: FailingTables, clock: Clock
) -> None:
    asker.ask("/")
    tables.fail("stamp", trouble="busy")
    asked = tables.count("stamp")
    for _ in range(5):
        assert page_of(asker)[1]
    assert tables.count("stamp") == asked + 1
    for pause, more in ((5, 2), (9.9, 2), (0.1, 3)):
        clock.now += pause
        assert all(banner for _, banner in together(lambda: page_of(asker)))
        assert tables.count("stamp") == asked + more


def test_a_hang_is_waited_for_once(hasty: Asker, tables: FailingTables) -> None:
    good = page_of(hasty)[0]
    tables.fail("stamp", trouble="hang")
    tables.held = threading.Event()
    asked = tables.count("stamp")
    pages = together(lambda: page_of(hasty))
    assert {words for words, _ in pages} == {good}
    assert tables.count("stamp") == asked + 1
    assert page_of(hasty)[1]
    assert tables.count("stamp") == asked + 1
    tables.held.set()


# -- a question cannot be answered -------------------------------------------------------------------------


def test_a_page_that_a_new_stamp_cannot_fill_is_the_one_before_as_a_whole(
    asker: Asker, tables: FailingTables, clock: Clock
) -> None:
    good = {address: body_of(asker, address) for address in ("/", "/models/churn-postpaid")}
    tables.version = "b"
    tables.fail("model_findings", trouble="broken")
    words, banner = page_of(asker, "/models/churn-postpaid")
    assert body_of(asker, "/models/churn-postpaid") == good["/models/churn-postpaid"]
    assert banner.startswith("The warehouse broke off its answer.")
    asked = tables.count("model_findings")
    page_of(asker, "/models/churn-postpaid")
    assert tables.count("model_findings") == asked
    tables.recover()
    clock.now += 5
    assert page_of(asker, "/models/churn-postpaid") == (words, "")
    assert tables.count("model_findings") == asked + 1


def test_another_view_of_the_data_before_can_still_be_drawn(asker: Asker, tables: FailingTables) -> None:
    asker.ask("/")
    tables.version = "b"
    tables.fail("fleet", trouble="unreachable")
    words, banner = page_of(asker, "/?sort=model&colour=red")
    assert "Churn, fixed line" in words
    assert banner
    french, banner = page_of(asker, "/", Accept_Language="fr")
    assert "demandent attention" in french
    assert banner.startswith("L\u2019entrepôt de données est injoignable.")


def test_a_page_never_seen_before_says_so_and_the_rest_lives(asker: Asker, tables: FailingTables) -> None:
    asker.ask("/")
    tables.fail("model", "model_findings", trouble="quota")
    nodes, _ = asker.ask("/models/fraud")
    assert "The quota for questions to the warehouse is used up." in text(main(nodes))
    assert of_class(nodes, "failure")[0]["props"]["data-retry"] == "5"
    assert not of_class(nodes, "outage"), "what there is on the page is of the newest stamp"


def test_eight_readers_of_one_page_ask_once_and_share_the_failure(hasty: Asker, tables: FailingTables) -> None:
    good = page_of(hasty)[0]
    tables.version = "b"
    tables.fail("fleet", trouble="hang")
    tables.held = threading.Event()
    asked = tables.count("fleet")
    pages = together(lambda: page_of(hasty))
    assert [words for words, _ in pages] == [good] * 8
    assert all(banner.startswith("The warehouse took too long") for _, banner in pages if banner)
    assert tables.count("fleet") == asked + 1
    tables.held.set()


def test_a_model_registered_since_is_not_denied_by_an_older_page(asker: Asker, tables: FailingTables) -> None:
    asker.ask("/models/nobody")
    tables.version = "b"
    tables.fail("model", "fleet", trouble="busy")
    words, _ = page_of(asker, "/models/nobody")
    assert "There is no model" not in words
    assert "The warehouse is busy" in words


def test_failures_of_the_page_itself_are_no_reason_to_show_an_older_one(small: Warehouse) -> None:
    fails = []

    def layout(request: Request) -> list[html.Node]:
        request.read("fleet")
        return [html.p(str(1 / (0 if fails else 1)))]

    tables = FailingTables(small)
    route = Route(Page("fleet", "/", Text("Fleet", "Flotte")), layout)
    asker = Asker(tables, routes={"fleet": route})
    assert page_of(asker) == ("1.0", "")
    fails.append(1)
    tables.version = "b"
    words, banner = page_of(asker)
    assert "could not be drawn" in words
    assert not banner


@pytest.mark.parametrize(
    "error", [WarehouseError(SECRET), RuntimeError(SECRET), KeyError(SECRET), TimeoutError(SECRET)], ids=repr
)
def test_whatever_the_warehouse_raises_the_page_before_stands(
    asker: Asker, tables: FailingTables, error: Exception
) -> None:
    good = page_of(asker)[0]
    for name in ("stamp", "fleet"):
        tables.version += "b"
        tables.fails, tables.error = {name}, error
        words, banner = page_of(asker)
        assert words == good
        assert banner.startswith("The tables could not be read just now.")
        assert SECRET not in banner


# -- a first visit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", get_args(Trouble))
def test_a_first_visit_to_a_dead_warehouse_is_an_honest_page(
    asker: Asker, tables: FailingTables, clock: Clock, trouble: Trouble
) -> None:
    tables.fail("stamp", "fleet", trouble=trouble)
    nodes, _ = asker.ask("/")
    assert WORDS[trouble].en in text(main(nodes))
    assert SECRET not in str(nodes)
    assert not of_class(main(nodes), "light"), "no colour is shown where none is known"
    assert asker.client.get("/health").get_json() == {"status": "ok"}
    assert asker.client.get("/").status_code == 503
    assert asker.client.get("/_models.json").status_code == 503
    assert asker.client.get("/_hope.json").get_json() == {"hope": False}
    glossary = asker.words("/glossary")
    assert "What every word, number and colour of these pages means." in glossary, "it needs no data"
    tables.recover()
    clock.now += 10
    assert asker.client.get("/_hope.json").get_json() == {"hope": True}
    assert "need attention" in asker.words("/")
    assert asker.client.get("/").status_code == 200


def test_a_warehouse_that_cannot_be_opened_is_a_dead_one(small: Warehouse, clock: Clock) -> None:
    dead = [1]

    def open_tables() -> Warehouse:
        if dead:
            raise UnavailableError(SECRET, trouble="expired")
        return small

    asker = Asker(open_tables, gate=Gate(clock=clock))
    assert "no longer accepts this server's credentials" in asker.words("/")
    dead.clear()
    clock.now += 5
    assert "need attention" in asker.words("/")


# -- around the page ---------------------------------------------------------------------------------------


def test_the_search_box_keeps_its_names(asker: Asker, tables: FailingTables) -> None:
    names = asker.client.get("/_models.json").get_json()
    tables.version = "b"
    tables.fail("fleet", trouble="broken")
    assert asker.client.get("/_models.json").get_json() == names


def test_within_its_time_pages_ask_nothing_at_all(small: Warehouse) -> None:
    tables = FailingTables(small)
    asker = Asker(tables, refresh_seconds=60)
    first = asker.words("/")
    asked = list(tables.asked)
    for address in ("/", "/?colour=purple", "/glossary", "/_models.json"):
        asker.client.get(address)
    together(lambda: asker.words("/"))
    assert asker.words("/") == first
    assert tables.asked == asked


def test_questions_are_asked_for_the_page(small: Warehouse) -> None:
    from datetime import UTC, datetime

    from qod.warehouse.purpose import current

    class Booking(FailingTables):
        def query(self, name: str, /, **params: Any) -> Any:
            purpose = current()
            LEDGER.book(Entry(datetime.now(UTC), purpose.kind, purpose.name, f"told {name}", 1, 1, False, 0.0, 1))
            return super().query(name, **params)

    asker = Asker(Booking(small))
    asker.ask("/glossary")
    asker.ask("/models/fraud")
    asker.client.get("/_models.json")
    told = {(entry.kind, entry.name, entry.query) for entry in LEDGER.entries() if entry.query.startswith("told")}
    assert ("page", "glossary", "told fleet") in told
    assert ("page", "model", "told model_findings") in told
    assert {kind for kind, _, _ in told} == {"page"}
