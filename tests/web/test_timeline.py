"""The fleet by days: which days are shown, and that they say the same as the fleet page."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from dashboard.web.views.fleet_timeline import LEAST, REACH, Span, span
from qod.warehouse import open_warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.lake import TODAY, Columns, large_fleet

OLDEST, NEWEST = date(2026, 1, 1), date(2026, 11, 19)


def days(first: date | None, last: date | None) -> Span:
    return span(first, last, oldest=OLDEST, newest=NEWEST)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ((None, None), (NEWEST - timedelta(days=89), NEWEST)),
        ((date(2026, 5, 1), date(2026, 6, 1)), (date(2026, 5, 1), date(2026, 6, 1))),
        ((date(2026, 6, 1), date(2026, 5, 1)), (date(2026, 5, 1), date(2026, 6, 1))),
        ((date(2026, 5, 1), None), (date(2026, 5, 1), NEWEST)),
        ((None, date(2026, 5, 1)), (date(2026, 2, 1), date(2026, 5, 1))),
        ((date(1999, 1, 1), date(2999, 1, 1)), (OLDEST, NEWEST)),
        ((date(2999, 1, 1), None), (NEWEST - timedelta(days=LEAST - 1), NEWEST)),
        ((None, date(1999, 1, 1)), (OLDEST, OLDEST + timedelta(days=LEAST - 1))),
        ((date(2026, 5, 1), date(2026, 5, 1)), (date(2026, 5, 1), date(2026, 5, 7))),
    ],
)
def test_the_days_of_an_address_lie_within_what_there_is(
    asked: tuple[date | None, date | None], shown: tuple[date, date]
) -> None:
    found = days(*asked)
    assert (found.first, found.last) == shown


def test_a_fleet_of_few_days_shows_them_all() -> None:
    for first in (None, NEWEST, date(1999, 1, 1)):
        assert span(first, None, oldest=NEWEST, newest=NEWEST).days == 1
        assert span(first, None, oldest=NEWEST - timedelta(days=2), newest=NEWEST).days == 3


def test_days_move_by_their_own_length_until_the_end() -> None:
    shown = days(date(2026, 5, 1), date(2026, 5, 30))
    earlier = shown.moved(-shown.days)
    assert earlier == days(date(2026, 4, 1), date(2026, 4, 30))
    steps = 0
    while shown is not None and shown.first > OLDEST:
        assert shown.days == 30, "the last step is shorter, not the days"
        shown, steps = shown.moved(-30), steps + 1  # type: ignore[assignment]
    assert steps == 4
    assert shown.first == OLDEST
    assert shown.moved(-30) is None
    assert days(None, None).moved(90) is None


# -- the page ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """60 models of 120 days: their strips of 100 batches reach back further than the fleet's trend."""
    return Asker(large_fleet(tmp_path_factory.mktemp("fleet"), models=60, batches=120))


def counts(asker: Asker, address: str) -> dict[str, list[int]]:
    nodes, _ = asker.ask(address)
    table = json.loads(of_class(nodes, "chart-data")[0]["props"]["data-table"])
    return {row[0]: row[1:] for row in table["rows"]}


def test_both_pages_count_the_same_on_the_same_day(asker: Asker) -> None:
    nodes, _ = asker.ask("/")
    (link,) = [one for one in of_class(nodes, "download") if "table=days" in one["props"]["href"]]
    lines = asker.client.get(link["props"]["href"]).get_data(as_text=True).splitlines()[1:]
    fleet = {line.split(",")[0]: [int(value) for value in line.split(",")[1:]] for line in lines}
    assert len(fleet) == 90
    assert len({tuple(own) for own in fleet.values()}) > 5, "and they are not all alike"
    assert counts(asker, "/timeline") == fleet
    assert counts(asker, "/timeline?from=2026-11-01&to=2026-11-19") == {
        day: own for day, own in fleet.items() if day >= "2026-11-01"
    }


def test_the_tiles_are_the_last_day(asker: Asker) -> None:
    nodes, _ = asker.ask("/")
    tiles = {
        text(of_class(tile, "label")): int(text(of_kind(tile, "Strong"))) for tile in of_class(main(nodes), "tile")
    }
    assert counts(asker, "/timeline")[TODAY.isoformat()] == [
        tiles[word] for word in ("Red", "Amber", "No data", "Green")
    ]


def test_the_sentence_is_about_the_days_and_models_on_screen(tmp_path: Path) -> None:
    columns, warehouse = Columns(), open_warehouse(tmp_path / "lake")
    columns.model("a", "A", "Care", ["green"] * 100 + ["red"] * 20)
    columns.model("b", "B", "Risk", ["amber"] * 110 + ["green"] * 10)
    columns.deliver(warehouse)
    asker = Asker(warehouse)

    def title(address: str, language: str = "en") -> str:
        nodes, _ = asker.ask(address, Accept_Language=language)
        return text(of_kind(main(nodes), "H1")).replace("\u00a0", " ")

    assert title("/timeline") == "One of two models in amber or red on 19 November 2026, one on 22 August."
    assert title("/timeline?team=Care") == "One of one model in amber or red on 19 November 2026, none on 22 August."
    assert title("/timeline?from=2026-11-01&to=2026-11-09").startswith(
        "Two of two models in amber or red on 9 November"
    )
    assert title("/timeline", "fr") == ("Un modèle sur deux en orange ou en rouge le 19 novembre 2026, un le 22 août.")


def names(asker: Asker, address: str) -> list[str]:
    nodes, _ = asker.ask(address)
    return [text(link) for link in of_kind(of_kind(of_class(nodes, "by-day"), "Tbody"), "A")]


def test_every_model_has_a_line_and_filters_and_sorts_hold(asker: Asker) -> None:
    every = names(asker, "/timeline?sort=name")
    assert len(every) == 60
    assert every == sorted(every, key=str.casefold)
    assert names(asker, "/timeline?sort=-name") == every[::-1]
    team = set(names(asker, "/timeline?team=Risk"))
    assert 0 < len(team) < 60
    assert set(names(asker, "/timeline?team=Risk&colour=green")) < team
    assert "No model matches" in asker.words("/timeline?team=Nobody")


def test_links_lead_to_other_days_and_keep_the_filters(asker: Asker) -> None:
    nodes, _ = asker.ask("/timeline?team=Risk&from=2026-10-01&to=2026-10-30")
    tools = of_class(nodes, "span-tools")
    links = {text(link) or link["props"]["aria-label"]: link["props"]["href"] for link in of_kind(tools, "A")}
    assert links["30"] == "/timeline?from=2026-10-21&to=2026-11-19&team=Risk"
    assert links["90"] == "/timeline?team=Risk"
    assert links["all"] == "/timeline?from=2026-07-23&to=2026-11-19&team=Risk"
    assert links["\u2039"] == "/timeline?from=2026-09-01&to=2026-09-30&team=Risk"
    assert links["\u203a"] == "/timeline?from=2026-10-21&to=2026-11-19&team=Risk", "as many days, up to today"
    assert "365" not in links, "there are only 120"


def test_the_days_of_all_models_are_saved(asker: Asker) -> None:
    nodes, _ = asker.ask("/timeline?from=2026-11-10&to=2026-11-19&sort=name")
    (link,) = of_class(nodes, "download")
    lines = asker.client.get(link["props"]["href"]).get_data(as_text=True).splitlines()
    assert lines[0] == "\ufeffmodel_id,model,day,colour"
    assert len(lines) == 1 + 60 * 10
    assert lines[1].split(",")[-2] == "2026-11-10"


def test_zooming_asks_the_warehouse_nothing(asker: Asker) -> None:
    asker.ask("/timeline")
    before = len(asker.queries)
    asker.ask("/timeline?from=2026-08-01&to=2026-08-20&team=Risk")
    assert len(asker.queries) == before


def test_the_batches_of_the_fleet_are_kept_once(asker: Asker) -> None:
    asker.ask("/timeline")
    cache = asker.app.reader.cache
    since = ("since", TODAY - timedelta(days=REACH))
    assert cache.versions(("fleet_batches",))
    assert not cache.versions(("query", "fleet_health", (since,))), "the table that they are made from is larger"


def test_strips_are_bare_before_the_first_batch_and_carry_on_after_the_last(small: Any) -> None:
    nodes, _ = Asker(small).ask("/timeline?from=2026-10-01&to=2026-11-19&sort=name")
    rows = {text(of_class(row, "c-name")): of_kind(row, "Img") for row in of_kind(of_class(nodes, "by-day"), "Tr")}
    (late,) = rows["Network fault, north"]
    assert late["props"]["alt"] == "25 days: 5 no data, 20 green; the last 5 no data"
    assert "M0 " not in unquote(late["props"]["src"])
    (new,) = rows["Registered only"]
    assert new["props"]["alt"] == "No batch yet"


def test_without_an_evaluation_the_page_teaches(tmp_path: Path) -> None:
    assert "vigie evaluate" in Asker(open_warehouse(tmp_path / "none")).words("/timeline")
