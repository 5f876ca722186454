"""The fleet page for whoever has one look: is it getting better, whose is it, and what stands on paper."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from dashboard.web.components.team_chips import teams
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.lake import TODAY, Columns

GREEN, RED, AMBER, GREY = "green", "red", "amber", "grey"


def asked(folder: Path, models: dict[str, list[str]], *, team: Any = None) -> Asker:
    """The pages of models with these colours by day, the last one today; ``team`` gives each a team."""
    from qod.warehouse import open_warehouse

    warehouse, columns = open_warehouse(folder), Columns()
    for name, colours in models.items():
        columns.model(name, name.capitalize(), (team or (lambda _: "Care"))(name), colours)
    columns.deliver(warehouse)
    return Asker(warehouse)


def lasting(colour: str, days: int, *, before: str = GREEN, of: int = 60) -> list[str]:
    return [before] * (of - days) + [colour] * days


def lead(asker: Asker, language: str = "en") -> str:
    nodes, _ = asker.ask("/", Accept_Language=language)
    return re.sub(r"\s+", " ", text(of_class(main(nodes), "lead"))).strip()


@pytest.mark.parametrize(
    ("models", "said"),
    [
        ({"a": lasting(RED, 2), "b": lasting(AMBER, 3)}, "Two more than 30 days ago: getting worse."),
        ({"a": lasting(GREEN, 9, before=RED), "b": lasting(RED, 60)}, "One fewer than 30 days ago: getting better."),
        ({"a": lasting(RED, 60), "b": lasting(GREEN, 60)}, "As many as 30 days ago."),
        (
            {"a": lasting(RED, 2, before=AMBER), "b": lasting(GREEN, 60)},
            "As many as 30 days ago, but one more of them red: getting worse.",
        ),
        (
            {"a": lasting(AMBER, 2, before=RED), "b": lasting(GREEN, 60)},
            "As many as 30 days ago, but one fewer of them red: getting better.",
        ),
        ({"a": lasting(GREEN, 60)}, "None did 30 days ago either."),
        # A model that fell silent is no model that recovered.
        (
            {"a": lasting(GREY, 9, before=RED), "b": lasting(RED, 60)},
            "One fewer than 30 days ago, but one more without data: not known to be better.",
        ),
        # A model that joined without a history is no model that fell silent.
        ({"a": lasting(GREEN, 9, before=RED), "new": []}, "One fewer than 30 days ago: getting better."),
        # The day 30 days ago must be known: 30 batches reach back 29 days.
        (
            {"a": lasting(RED, 2, of=30)},
            "The colours are known from 21 October on: too early to say whether it is getting better.",
        ),
        ({"a": lasting(RED, 2, of=31)}, "One more than 30 days ago: getting worse."),
    ],
)
def test_the_trend_is_said_in_plain_words(tmp_path: Path, models: dict[str, list[str]], said: str) -> None:
    words = lead(asked(tmp_path / "lake", models)).replace("\u00a0", " ")
    assert words.startswith(said), words


def test_the_trend_is_said_in_french(tmp_path: Path) -> None:
    words = lead(asked(tmp_path / "lake", {"a": lasting(RED, 2), "b": lasting(AMBER, 3)}), "fr")
    assert words.replace("\u00a0", " ").startswith("Deux de plus qu\u2019il y a 30 jours : cela se dégrade.")


def test_the_longest_red_is_named_with_its_team(tmp_path: Path) -> None:
    asker = asked(
        tmp_path / "lake",
        {"long": lasting(RED, 12), "short": lasting(RED, 2), "amber": lasting(AMBER, 40)},
        team=lambda name: f"Team {name}",
    )
    assert "Red for longest, 12 days: Long (Team long)." in lead(asker).replace("\u00a0", " ")
    alone = asked(tmp_path / "alone", {"only": lasting(RED, 3)})
    assert "Red for 3 days: Only (Care)." in lead(alone).replace("\u00a0", " ")
    calm = asked(tmp_path / "calm", {"only": lasting(GREEN, 3)})
    assert "Red for" not in lead(calm)


def test_teams_are_chips_that_filter_worst_first(tmp_path: Path) -> None:
    owners = {"a": "Care", "b": "Care", "c": "Risk", "d": "Risk", "e": "Calm"}
    asker = asked(
        tmp_path / "lake",
        {"a": lasting(AMBER, 1), "b": lasting(GREEN, 1), "c": lasting(RED, 8), "d": lasting(RED, 2), "e": [GREEN]},
        team=owners.__getitem__,
    )
    nodes, _ = asker.ask("/")
    chips = of_class(nodes, "team")
    assert [text(chip).replace("\u00a0", " ") for chip in chips] == [
        "Risk 2  red red for 8 days",
        "Care 1  amber 1  green",
    ]
    assert text(of_class(nodes, "rest")) == "one more team, all green"
    assert [chip["props"]["href"] for chip in chips] == ["/?team=Risk", "/?team=Care"]
    nodes, _ = asker.ask("/?team=Risk")
    (chosen,) = of_class(nodes, "selected")
    assert chosen["props"]["href"] == "/", "a second click takes the filter away"


def test_a_team_alone_needs_no_chip(tmp_path: Path) -> None:
    nodes, _ = asked(tmp_path / "lake", {"a": [RED], "b": [GREEN]}).ask("/")
    assert not of_class(nodes, "team")


def test_teams_are_counted_with_their_longest_red() -> None:
    def row(team: str | None, colour: str | None, since: int = 1) -> dict[str, Any]:
        return {"team": team, "colour": colour, "since": date(2026, 11, since)}

    found = teams([row("B", "red", 9), row("B", "red", 4), row("A", None), row(None, "red"), row("C", "amber", 2)])
    assert [team.name for team in found] == ["B", "C", "A"]
    assert (found[0].red_since, found[1].red_since) == (date(2026, 11, 4), None)
    assert found[2].counts == {"grey": 1}


def test_models_are_filtered_by_the_family_that_is_in_trouble(tmp_path: Path) -> None:
    # In these tables amber is drift, red is quality.
    asker = asked(tmp_path / "lake", {"a": lasting(AMBER, 1), "r": lasting(RED, 1), "g": lasting(GREEN, 1)})

    def names(query: str) -> list[str]:
        nodes, _ = asker.ask(query)
        return [text(link) for link in of_kind(of_kind(of_class(nodes, "fleet"), "Tbody"), "A")]

    assert names("/?family=drift") == ["A"]
    assert names("/?family=quality") == ["R"]
    assert names("/?family=drift&colour=red") == []


def csv_of(asker: Asker, address: str, key: str) -> list[str]:
    nodes, _ = asker.ask(address)
    (link,) = [one for one in of_class(nodes, "download") if f"table={key}&" in one["props"]["href"]]
    body: str = asker.client.get(link["props"]["href"]).get_data(as_text=True)
    return body.removeprefix("\ufeff").splitlines()


def test_all_rows_that_match_are_saved_in_their_order(tmp_path: Path) -> None:
    models = {f"m{number:03d}": lasting(RED if number % 2 else GREEN, 1, of=3) for number in range(230)}
    asker = asked(tmp_path / "lake", models)
    lines = csv_of(asker, "/?colour=red&sort=-model&page=2", "models")
    assert lines[0].startswith("model_id,name,team,owner_email,task,cadence,colour,drift,quality,performance,")
    assert len(lines) == 1 + 115
    assert lines[1].startswith("m229,M229,Care,")
    assert f",red,green,red,grey,green,{TODAY.isoformat()}," in lines[1]
    assert csv_of(asker, "/", "days")[1:] == [
        f"{TODAY - timedelta(days=2)},0,0,0,230",
        f"{TODAY - timedelta(days=1)},0,0,0,230",
        f"{TODAY},115,0,0,115",
    ]


def test_a_model_that_was_never_evaluated_is_grey_in_the_file_too(tmp_path: Path) -> None:
    (line,) = csv_of(asked(tmp_path / "lake", {"new": []}), "/", "models")[1:]
    assert ",grey,grey,grey,grey,grey," in line


def test_every_word_of_a_manager_leads_to_the_glossary(asker: Asker) -> None:
    nodes, _ = asker.ask("/")
    leads = {text(link).strip(): link["props"]["href"] for link in of_class(nodes, "term")}
    assert {"Red", "Amber", "Green", "No data", "What the words mean"} <= leads.keys()
    assert leads["D\u00a0drift"] == "/glossary#family-drift"
    glossary, _ = asker.ask("/glossary")
    anchors = {node["props"].get("id") for node in of_kind(glossary, "Section")}
    assert {unquote(href.partition("#")[2]) for href in leads.values()} <= anchors


def test_a_shared_cause_leads_to_its_incident(asker: Asker) -> None:
    nodes, _ = asker.ask("/")
    links = [unquote(link["props"]["href"]) for link in of_kind(of_class(nodes, "callout"), "A")]
    assert links[-1] == f"/incidents?at={TODAY.isoformat()}:tenure_months#{TODAY.isoformat()}:tenure_months"


# -- paper -------------------------------------------------------------------------------------------------


def sheet(asker: Asker, address: str = "/") -> tuple[list[str], str]:
    """The names on the sheet, and all its words."""
    nodes, _ = asker.ask(address)
    (paper,) = of_class(nodes, "paper")
    return [text(cell) for cell in of_class(paper, "c-name")][1:], text(paper)


def test_the_sheet_has_what_is_not_green_and_the_rest_as_numbers(tmp_path: Path) -> None:
    models = {f"red{number:02d}": lasting(RED, 1, of=3) for number in range(20)}
    models |= {f"grey{number:02d}": lasting(GREY, 1, of=3) for number in range(11)}
    models |= {f"green{number}": [GREEN] for number in range(4)}
    names, words = sheet(asked(tmp_path / "lake", models), "/?sort=-model&page=2")
    assert len(names) == 25
    assert names[0] == "Red00"
    assert names[20] == "Grey00"
    assert "And 6 more. 4 green models are not listed." in words
    assert f"State of {TODAY.day}\u00a0November 2026" in words


def test_the_sheet_says_its_filters(asker: Asker) -> None:
    names, words = sheet(asker, "/?team=Risk&colour=amber")
    assert names == ["Fraud, new lines"]
    assert words.startswith("Colour: \u25b2 Amber, Team: Risk")
    assert "more" not in words
    assert "not listed" not in words
