"""The scripted incidents of the demo give exactly the messages of a table: who is written to, when, and of what.

Each day is evaluated as of that day, planned, and taken for sent, so that a colour that flickered on its way would show
as a further line.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from dashboard.demo.marker import Parameters
from dashboard.demo.prepare import SEED
from dashboard.demo.scripts import SCRIPTS
from tests.alerts.demo_walk import Line, Walk, deliver

TODAY: Final = date(2026, 11, 21)

SHORT: Final = 40
"""Days of the short demo; what takes longer to build up happens in fewer days there, see dashboard.demo.scripts."""
FEW: Final = (20, 19, 9, 7, 6, 5, 3, 2, 0)

EXPECTED_SHORT: Final[dict[str, list[Line]]] = {
    "upstream break": [
        (2, "lea.martin", "began", ("churn-fixed", "churn-postpaid")),
        (2, "nadia.benali", "began", ("win-back",)),
    ],
    "slow drift": [
        (19, "hugo.petit", "began", ("load-callcentre",)),
        (5, "hugo.petit", "reminder", ("load-callcentre",)),
    ],
    "new category": [(9, "ines.moreau", "began", ("fraud-new-lines",))],
    "unit change": [(5, "tom.lefevre", "began", ("upsell-mobile-data",))],
    "batches stop": [(6, "paul.girard", "late", ("fault-north",))],
    "seasonal wobble": [],
}


def script_models(keys: list[str]) -> list[str]:
    return [model for script in SCRIPTS if script.key in keys for model in script.models]


def told(walk: Walk, key: str) -> list[Line]:
    """What the walk told of an incident's models."""
    models = set(script_models([key]))
    return [line for line in walk.lines if models & set(line[3])]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    parameters = Parameters(24, SHORT, SEED, TODAY)
    folder = tmp_path_factory.mktemp("short")
    walk = Walk(deliver(folder, script_models(list(EXPECTED_SHORT)), parameters), parameters)
    walk.walk(FEW)
    return walk


@pytest.mark.parametrize("key", EXPECTED_SHORT)
def test_a_short_demo_tells_of_each_incident_what_the_table_says(short: Walk, key: str) -> None:
    assert told(short, key) == EXPECTED_SHORT[key]


def test_nobody_gets_two_messages_in_a_run(short: Walk) -> None:
    assert set(short.messages.values()) == {1}
    assert len(short.lines) == sum(len(lines) for lines in EXPECTED_SHORT.values())


DAYS: Final = (
    *(300, 240, 235, 230, 229, 228, 220, 214, 213, 212, 205, 190, 150, 120, 96, 95, 94, 93, 90, 60),
    *(50, 49, 48, 47, 46, 45, 40, 33, 32, 31, 30, 29, 20, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
"""Days before today that are lived; what came and went in between would be told as passed."""

EXPECTED: Final[dict[str, list[Line]]] = {
    "upstream break": [
        (2, "lea.martin", "began", ("churn-fixed", "churn-postpaid")),
        (2, "nadia.benali", "began", ("win-back",)),
    ],
    "slow drift": [
        (31, "hugo.petit", "began", ("load-callcentre",)),
    ],
    "new category": [(9, "ines.moreau", "began", ("fraud-new-lines",))],
    "concept drift": [
        (48, "tom.lefevre", "began", ("upsell-fibre",)),
    ],
    "unit change": [(5, "tom.lefevre", "began", ("upsell-mobile-data",))],
    "batches stop": [(6, "paul.girard", "late", ("fault-north",))],
    "immature cohort": [],
    "retrain heals": [
        (229, "yasmine.haddad", "began", ("next-best-offer",)),
        (213, "yasmine.haddad", "worse", ("next-best-offer",)),
        (95, "yasmine.haddad", "recovered", ("next-best-offer",)),
    ],
    "seasonal wobble": [],
    "small batches": [],
}
"""Without the reminders, which follow every 14 days while nobody takes care, on the first of DAYS from then on."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    parameters = Parameters(24, 400, SEED, TODAY)
    walk = Walk(deliver(tmp_path_factory.mktemp("whole"), script_models(list(EXPECTED)), parameters), parameters)
    walk.walk(DAYS)
    return walk


@pytest.mark.slow
@pytest.mark.parametrize("key", EXPECTED)
def test_the_whole_demo_tells_of_each_incident_what_the_table_says(whole: Walk, key: str) -> None:
    assert [line for line in told(whole, key) if line[2] != "reminder"] == EXPECTED[key]


@pytest.mark.slow
def test_reminders_come_every_fourteen_days_until_somebody_takes_care(whole: Walk) -> None:
    assert [line[0] for line in told(whole, "slow drift") if line[2] == "reminder"] == [14]
    assert whole.messages.keys() == {(line[0], line[1]) for line in whole.lines}
    assert set(whole.messages.values()) == {1}
