from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from dashboard.alerts.channel import SENT, Outcome
from dashboard.alerts.claim import SECONDS
from dashboard.alerts.deciding.known import known_by
from dashboard.alerts.letter import Letter
from dashboard.alerts.record import in_doubt
from qod.contract import TABLES
from qod.errors import UnavailableError
from qod.warehouse import Warehouse, open_warehouse
from qod.warehouse.bigquery import ddl
from qod.warehouse.bigquery.connect import parse_address
from tests.alerts.between import Between
from tests.alerts.clocks import Hand
from tests.alerts.scripted import Scripted
from tests.alerts.scripted_runs import EVERYBODY, run, written
from tests.longer import slow
from tests.warehouse.bigquery_home import ADDRESS
from tests.web.in_bigquery import fleet_in_bigquery

pytestmark = pytest.mark.usefixtures("without_pictures")


class KilledError(BaseException):
    """The process is gone: nothing that it would have done in the end is done."""


def killed_after(warehouse: Warehouse, hand: Hand, scripted: Scripted, letters: int) -> None:
    """A run whose warehouse takes nothing any more after so many letters were handed over, and then is dead."""

    def gone() -> None:
        if len(scripted.sent) >= letters:
            raise KilledError

    with pytest.raises(KilledError):
        run(cast(Warehouse, Between(warehouse, before_delivery=gone)), scripted, hand)


@pytest.mark.parametrize("knows", [True, None, *slow(False)])
def test_a_letter_in_doubt_is_asked_for_and_sent_again_under_its_identifier_or_not_at_all(
    warehouse: Warehouse, hand: Hand, knows: bool | None
) -> None:
    scripted = Scripted()
    killed_after(warehouse, hand, scripted, 2)
    unrecorded = scripted.sent[1]
    assert unrecorded.letter_id in in_doubt(written(warehouse), "scripted")
    scripted.knows = lambda letter_id: letter_id == unrecorded.letter_id if knows else knows
    second = run(warehouse, scripted, hand)  # the dead run's claim is waited for
    assert set(hand.slept) != set()
    ids = [letter.letter_id for letter in scripted.sent]
    assert sorted(set(scripted.to)) == EVERYBODY
    assert ids.count(unrecorded.letter_id) == (1 if knows else 2)
    assert len(ids) == (4 if knows else 5)
    assert second.channels[0].found == (1 if knows else 0)
    assert in_doubt(written(warehouse), "scripted") == {}
    hand.passes(3 * 3600)
    run(warehouse, scripted, hand)
    assert len(scripted.sent) == len(ids)


def test_a_letter_that_may_have_arrived_after_it_was_refused_stays_in_doubt(warehouse: Warehouse, hand: Hand) -> None:
    refused, scripted = Outcome("refused", "No."), Scripted()
    scripted.answer = lambda letter: refused
    run(warehouse, scripted, hand)
    assert known_by(written(warehouse), "scripted").doubtful == {}
    plans = written(warehouse, "message_planned")
    hand.passes(60)
    scripted.answer = lambda letter: SENT
    killed_after(warehouse, hand, scripted, 1)
    scripted.answer = lambda letter: refused
    run(warehouse, scripted, hand)
    assert scripted.to[0] in known_by(written(warehouse), "scripted").doubtful
    assert [one.happened_at for one in written(warehouse, "message_planned")] == [one.happened_at for one in plans]


def test_a_run_that_is_too_slow_for_its_lease_stops_at_once_and_begins_again(warehouse: Warehouse, hand: Hand) -> None:
    def late(letter: Letter) -> Outcome:
        hand.passes(SECONDS if letter.to.startswith("bob") else 1)
        return SENT

    scripted = Scripted(late)
    finished = run(warehouse, scripted, hand)
    assert sorted(scripted.to) == EVERYBODY  # each once
    assert not finished.went_wrong
    assert len(finished.channels[0].attempts) == 4
    begun = {event.event_id.partition(".")[0] for event in written(warehouse, "notify_claimed")}
    assert len(begun) == 2


def test_a_long_run_keeps_its_lease(warehouse: Warehouse, hand: Hand) -> None:
    def lasting(letter: Letter) -> Outcome:
        hand.passes(29)
        return SENT

    run(warehouse, Scripted(lasting), hand)
    claims = [event.event_id for event in written(warehouse, "notify_claimed")]
    assert len({claim.partition(".")[0] for claim in claims}) == 1
    assert len(claims) > 1


def test_another_run_that_told_meanwhile_leaves_nothing_to_tell(warehouse: Warehouse, hand: Hand) -> None:
    """What was foreseen before the lease is looked at again under it."""
    first, second = Scripted(), Scripted()

    def in_between() -> None:
        between.before_delivery = lambda: None
        run(warehouse, first, hand)

    between = Between(warehouse, before_delivery=in_between)
    run(cast(Warehouse, between), second, hand)
    assert sorted(first.to) == EVERYBODY
    assert second.to == []


@pytest.mark.parametrize("number", [signal.SIGTERM, *slow(signal.SIGINT)])
def test_a_run_that_is_asked_to_stop_records_what_it_sends_and_lets_others_begin(
    warehouse: Warehouse, hand: Hand, number: signal.Signals
) -> None:
    def asked(letter: Letter) -> Outcome:
        if len(scripted.tried) == 2:
            os.kill(os.getpid(), number)
        return SENT

    scripted = Scripted(asked)
    with pytest.raises(KeyboardInterrupt):
        run(warehouse, scripted, hand)
    recorded = {event.facts["letter"] for event in written(warehouse, "message_sent")}
    assert recorded == {letter.letter_id for letter in scripted.sent}
    assert len(recorded) == 2
    run(warehouse, scripted, hand)
    assert hand.slept == []
    assert sorted(scripted.to) == EVERYBODY


@pytest.mark.parametrize("broken", [4, *slow(1, 2, 3, 5, 6, 7)])
def test_wherever_the_warehouse_fails_the_next_run_tells_the_rest(
    warehouse: Warehouse, hand: Hand, broken: int
) -> None:
    left = [broken]

    def fails() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise UnavailableError("It does not answer.", trouble="hang")

    scripted = Scripted()
    scripted.knows = lambda letter_id: letter_id in {letter.letter_id for letter in scripted.sent}
    with suppress(UnavailableError):  # a warehouse that does not take the release changes nothing
        run(cast(Warehouse, Between(warehouse, before_delivery=fails)), scripted, hand)
    run(warehouse, scripted, hand)
    assert sorted(scripted.to) == EVERYBODY


@pytest.mark.slow
def test_the_same_in_bigquery(made_fleet: Path, hand: Hand) -> None:
    with fleet_in_bigquery(open_warehouse(made_fleet)) as server, server.client() as client:
        for name in ddl.STORED.keys() - TABLES.keys():
            client.query_and_wait(ddl.create(ddl.STORED[name], parse_address(ADDRESS)))
        warehouse, scripted = open_warehouse(ADDRESS), Scripted()
        killed_after(warehouse, hand, scripted, 2)
        scripted.knows = lambda letter_id: letter_id in {letter.letter_id for letter in scripted.sent}
        run(warehouse, scripted, hand)
        hand.passes(60)
        assert not run(warehouse, scripted, hand).went_wrong
        assert sorted(scripted.to) == EVERYBODY
