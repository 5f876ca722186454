"""A digest tells of some days what a manager would count by hand, and goes once to each address."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from dashboard.alerts.channel import Outcome
from dashboard.alerts.channels import load
from dashboard.alerts.digests.digest import Digest, Team
from dashboard.alerts.digests.letter import compose_digest, digest_content, digest_subject
from dashboard.alerts.digests.read import read_digest
from dashboard.alerts.digests.send import letter_id, send_digest
from dashboard.alerts.digests.window import Window
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.plain import plain
from dashboard.events import Event
from dashboard.settings import Settings
from dashboard.text import LANGUAGES
from qod.errors import UnknownNameError
from qod.warehouse import Warehouse
from qod.warehouse.lake import LakeWarehouse
from tests.alerts.digest_world import EVIL, broken, digest_world
from tests.alerts.json_schema import faults
from tests.commands import vigie
from tests.sending import send_events

WEEK = Window(date(2026, 11, 9), date(2026, 11, 15))
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
LINKS = Addresses("https://vigie.example.org/")
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "alert-payload.schema.json").read_text(encoding="utf-8"))


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 9, tzinfo=UTC)


def event(number: int, day: int, kind: str, model: str, **facts: Any) -> Event:
    return Event(f"e{number}", at(day), kind, model, "2", facts=facts)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    lake = digest_world(tmp_path_factory.mktemp("digest"))
    broken(lake, date(2026, 11, 11), "turned", "lasting")
    send_events(
        lake,
        event(1, 11, "message_sent", "turned", letter="a", to="a@example.org"),
        event(2, 11, "message_sent", "lasting", letter="a", to="a@example.org"),
        event(3, 12, "message_sent", "turned", letter="b", to="b@example.org"),
        event(4, 12, "message_sent", "worse", letter="c", to="a@example.org"),
        event(5, 8, "message_sent", "turned", letter="d", to="c@example.org"),
        event(6, 10, "retraining_refused", "lasting", reasons=[{"en": "Too soon.", "fr": "Trop tôt."}]),
        event(7, 12, "retraining_refused", "lasting", reasons=[{"en": "Too few rows.", "fr": "Trop peu de lignes."}]),
        event(8, 13, "retraining_asked", "lasting", reasons="nonsense"),
        event(9, 16, "retraining_asked", "turned"),
    )
    return lake


def of(lake: Warehouse, team: str | None = None, window: Window = WEEK) -> Digest:
    return read_digest(lake, window, Settings(), team)


def ids(found: Any) -> list[str]:
    return [one.entry.model_id for one in found]


def care(lake: Warehouse) -> Team:
    (team,) = of(lake, "Care").teams
    return team


def test_the_counts_are_those_made_by_hand(lake: Warehouse) -> None:
    """On the 8th: lasting and healed red, five green. On the 15th: turned and lasting red, one amber, two late."""
    team = care(lake)
    assert team.models == 7
    assert team.before == {"red": 2, "amber": 0, "green": 5, "grey": 0}
    assert team.now == {"red": 2, "amber": 1, "green": 2, "grey": 2}
    growth = of(lake, "Growth").teams[0]
    assert growth.before == {"red": 0, "amber": 1, "green": 2, "grey": 1}
    assert growth.now == {"red": 1, "amber": 0, "green": 1, "grey": 2}


def test_what_turned_what_lasts_what_mended_and_what_has_no_data(lake: Warehouse) -> None:
    team = care(lake)
    assert [(one.entry.model_id, one.since) for one in team.new_reds] == [("turned", date(2026, 11, 11))]
    assert [(one.entry.model_id, one.since) for one in team.lasting_reds] == [("lasting", date(2026, 11, 6))]
    assert [(one.entry.model_id, one.was, one.since.day) for one in team.recoveries] == [
        ("between", "red", 11),
        ("healed", "red", 10),
    ]
    # Without a batch since the 7th it was due on the 8th: late from the 10th on. The other, late on the 13th.
    assert [(one.entry.model_id, one.state, one.last) for one in team.without] == [
        ("late_since", "late", date(2026, 11, 7)),
        ("late", "late", date(2026, 11, 10)),
    ]
    growth = of(lake, "Growth").teams[0]
    assert ids(growth.new_reds) == ["worse"]
    assert [(one.entry.model_id, one.last) for one in growth.without] == [
        ("waiting", None),
        ("poor", date(2026, 11, 15)),
    ]


def test_a_model_that_is_late_now_had_data_on_a_day_before(lake: Warehouse) -> None:
    window = Window(date(2026, 11, 6), date(2026, 11, 9))
    (team,) = of(lake, "Care", window).teams
    assert team.now["grey"] == 0
    assert team.now["green"] == 4


def test_incidents_retrainings_and_messages_of_these_days(lake: Warehouse) -> None:
    team = care(lake)
    assert [one.id for one in team.incidents] == ["2026-11-11:tenure"]
    assert [(one.kind, one.day.day) for _, one in team.retrainings] == [
        ("retraining_refused", 12),
        ("retraining_asked", 13),
    ]
    assert (team.letters, team.people) == (2, 2)
    assert of(lake, "Growth").teams[0].incidents == ()


def test_all_teams_are_told_by_name_and_models_without_one_last(lake: Warehouse) -> None:
    found = of(lake)
    assert [team.name for team in found.teams] == ["Care", "Growth", ""]
    assert digest_subject(found).en == (
        "All teams, week 46: 3 red (+1), 1 amber, 4 without data (+3), 4 green (\u22124)"
    )
    assert digest_subject(of(lake, "Care")).fr == (
        "Équipe Care, semaine 46\u00a0: 2 rouges, 1 orange (+1), 2 sans donnée (+2), 2 verts (\u22123)"
    )


def test_a_manager_reads_it_in_plain_words(lake: Warehouse) -> None:
    text = " ".join(plain(digest_content(of(lake, "Care"), LINKS, "en")).replace("\u00a0", " ").split())
    for words in (
        "https://vigie.example.org/?team=Care",
        "turned is red. Red since 11 November (5 days). Owner: turned@example.org.",
        "Lasting: lasting is red. Red since 6 November (10 days).",
        "Healed: Green since 10 November, red before.",
        "Late: No batch since 10 November; the next was due on 11 November. Owner: late@example.org.",
        "Training it anew was asked for on 13 November.",
        "Too few rows.",
        "2 messages went out about these models, to 2 people.",
        "It covers 9 November to 15 November 2026 (UTC, whole days), compared with the end of 8 November 2026.",
    ):
        assert words in text, words
    assert "Too soon." not in text
    assert "could not be judged. It has no owner." in " ".join(
        plain(digest_content(of(lake, "Growth"), LINKS, "en")).split()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_letter_that_names_cannot_change(lake: Warehouse, language: Any) -> None:
    for team in (None, "Care", "Growth"):
        found = of(lake, team)
        letter = compose_digest(found, LINKS, language, letter_id="0" * 32, address="a@example.org", now=NOW)
        assert "<b>Evil" not in letter.html
        assert "\u202e" not in letter.html + letter.plain + letter.subject
        assert EVIL not in letter.plain
        payload = json.loads(json.dumps(letter.payload, allow_nan=False))
        assert list(faults(payload, SCHEMA, SCHEMA)) == []
        assert letter.subject == letter.payload["subject"]
        bare = compose_digest(found, Addresses(""), language, letter_id="0" * 32, address="", now=NOW)
        assert "href" not in bare.html


def test_a_calm_team_is_told_so_and_long_lists_are_cut(tmp_path: Path) -> None:
    days: dict[str, tuple[str | None, str]] = {"calm": ("Calm", "gggggggggg")}
    days |= {f"m{number:02d}": ("Long " * 30, "gggrrrrrrr") for number in range(20)}
    lake = digest_world(tmp_path, days)
    assert "Nothing turned red" in plain(digest_content(of(lake, "Calm"), LINKS, "en"))
    found = of(lake, "Long " * 30)
    text = plain(digest_content(found, LINKS, "en"))
    assert text.count("is red.") == 12
    assert "And 8 more." in text
    for language in LANGUAGES:
        assert len(digest_subject(found)[language]) <= 120


def test_a_team_that_does_not_exist_is_refused_with_those_that_are_like_it(lake: Warehouse) -> None:
    with pytest.raises(UnknownNameError, match=r"team 'Caer' was not found.*'?Care'?"):
        of(lake, "Caer")


# -- going out ---------------------------------------------------------------------------------------------


def test_it_goes_once_to_each_address(tmp_path: Path) -> None:
    lake = digest_world(tmp_path / "lake")
    settings = Settings(outbox=str(tmp_path / "out"), public_url="https://vigie.example.org", mail_from="v@example.org")
    channels = [load()["file"]]
    first, second = "a@example.org", "b@example.org"

    def run(team: str | None, *addresses: str) -> list[str]:
        sent = send_digest(lake, of(lake, team), settings, channels, addresses, print)
        return ["before" if one.outcome is None else one.outcome.state for one in sent]

    assert run("Care", first, first, second) == ["sent", "sent"]
    assert run("Care", first, second, "c@example.org") == ["before", "before", "sent"]
    assert run("Growth", first) == ["sent"]
    assert run(None, first) == ["sent"]
    assert len(list((tmp_path / "out").glob("*.eml"))) == 5
    mail = message_from_bytes(
        (tmp_path / "out" / f"{letter_id(of(lake, 'Care'), 'file', first)}.eml").read_bytes(), policy=policy.default
    )
    assert (mail["To"], str(mail["Subject"]).split(":")[0]) == (first, "Team Care, week 46")
    rows = [row for row in lake.table("events").to_pylist() if row["kind"] == "digest_sent"]
    assert len(rows) == 5
    assert json.loads(rows[0]["facts"]).keys() == {"team", "since", "until", "to", "channel"}


def test_one_that_arrived_unrecorded_does_not_go_again_and_one_that_failed_does(tmp_path: Path) -> None:
    lake = digest_world(tmp_path / "lake")
    settings = Settings(outbox=str(tmp_path / "out"), public_url="https://vigie.example.org")
    (tmp_path / "out").write_text("no folder")
    channels, found = [load()["file"]], of(lake, "Care")
    (failed,) = send_digest(lake, found, settings, channels, ["a@example.org"], print)
    assert isinstance(failed.outcome, Outcome)
    assert failed.outcome.state == "refused"
    (tmp_path / "out").unlink()
    (tmp_path / "out").mkdir()
    arrived = tmp_path / "out" / f"{letter_id(found, 'file', 'a@example.org')}.eml"
    arrived.write_text("the letter of a run that was killed before it recorded it")
    (one,) = send_digest(lake, found, settings, channels, ["a@example.org"], print)
    assert one.outcome is not None
    assert one.outcome.state == "sent"
    assert arrived.read_text().startswith("the letter of a run")
    (again,) = send_digest(lake, found, settings, channels, ["a@example.org"], print)
    assert again.outcome is None


# -- the command -------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("CHANNELS", "PUBLIC_URL", "OUTBOX", "LANGUAGE"):
        monkeypatch.delenv(f"VIGIE_{name}", raising=False)
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(tmp_path / "lake"))
    return tmp_path


def test_the_command_prints_or_sends(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest_world(here / "lake")
    assert "Team Care: " in vigie("digest", "--since", "2026-01-01").output.replace("\u00a0", " ")
    assert "VIGIE_CHANNELS" in vigie("digest", "--to", "a@example.org", code=1).output
    monkeypatch.setenv("VIGIE_CHANNELS", "file")
    monkeypatch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example.org")
    monkeypatch.setenv("VIGIE_LANGUAGE", "fr")
    args = ("digest", "--team", "Care", "--every", "week", "--to", "a@example.org")
    dry = vigie(*args, "--dry-run").output
    assert "Équipe Care, semaine" in dry
    assert "Would go to a@example.org (file)." in dry
    assert not (here / "outbox").exists()
    assert "Sent: a@example.org (file)." in vigie(*args).output
    assert "Sent before: a@example.org (file)." in vigie(*args).output
    assert len(list((here / "outbox").glob("*.eml"))) == 1


def test_the_command_says_what_is_wrong(here: Path) -> None:
    LakeWarehouse(here / "lake")
    assert "No model is registered yet." in vigie("digest").output
    digest_world(here / "lake")
    assert "Care" in vigie("digest", "--team", "care", code=1).output
    assert "no mail address" in vigie("digest", "--to", "nobody", code=2).output
    assert "neither week nor month" in vigie("digest", "--every", "day", code=2).output
    assert "no beginning of a digest" in vigie("digest", "--since", "lately", code=1).output
    assert "one of them" in vigie("digest", "--since", "7d", "--every", "week", code=2).output
