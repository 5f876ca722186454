from __future__ import annotations

import json
from typing import Any, cast

import pytest

from dashboard.alerts import notify as flow
from dashboard.alerts.channel import SENT, Outcome
from dashboard.alerts.deciding.known import known_by
from dashboard.alerts.letter import Letter
from dashboard.alerts.record import doubts, event_ids, planned, sent, sent_as_planned, spot
from dashboard.alerts.writing.compose import compose
from dashboard.events import from_row, to_table
from qod.warehouse import Warehouse
from tests.alerts.between import Between
from tests.alerts.clocks import Hand
from tests.alerts.scripted import Scripted
from tests.alerts.scripted_runs import EVERYBODY, run, written

pytestmark = pytest.mark.usefixtures("without_pictures")

UNREACHED = Outcome("refused", "Nobody answers.", reached=False)
REFUSED = Outcome("refused", "No such mailbox.")


def test_everything_is_planned_before_the_first_letter_and_each_is_recorded_before_the_next(
    warehouse: Warehouse, hand: Hand
) -> None:
    seen = []

    def look(letter: Letter) -> Outcome:
        arrived = {event.facts["letter"] for event in written(warehouse, "message_sent")}
        seen.append((len(written(warehouse, "message_planned")), len(arrived), letter.letter_id in arrived))
        return SENT

    deliveries = []
    counted = Between(warehouse, delivered=lambda: deliveries.append(1))
    run(cast(Warehouse, counted), Scripted(look), hand)
    assert seen == [(4, 0, False), (4, 1, False), (4, 2, False), (4, 3, False)]
    assert len(deliveries) == 1 + 1 + 4 + 1  # the claim, all plans, four letters, the release


def test_what_was_sent_is_not_sent_again(warehouse: Warehouse, hand: Hand) -> None:
    scripted = Scripted()
    run(warehouse, scripted, hand)
    assert sorted(scripted.to) == EVERYBODY
    hand.passes(3 * 3600)
    again = run(warehouse, scripted, hand)
    assert sorted(scripted.to) == EVERYBODY
    assert not again.went_wrong


def test_a_letter_that_fails_keeps_no_other_and_is_sent_by_the_next_run(warehouse: Warehouse, hand: Hand) -> None:
    scripted = Scripted(lambda letter: REFUSED if letter.to.startswith("bob") else SENT)
    first = run(warehouse, scripted, hand)
    assert first.went_wrong
    assert sorted(scripted.to) == [to for to in EVERYBODY if not to.startswith("bob")]
    [failure] = written(warehouse, "message_failed")
    assert (failure.facts["state"], failure.facts["reason"]) == ("refused", "No such mailbox.")
    refused = next(letter for letter in scripted.tried if letter.to.startswith("bob"))
    scripted.answer = lambda letter: SENT
    hand.passes(60)
    second = run(warehouse, scripted, hand)
    assert not second.went_wrong
    assert sorted(scripted.to) == EVERYBODY
    assert scripted.sent[-1].letter_id == refused.letter_id


def test_a_channel_that_cannot_be_reached_is_given_up_and_later_runs_make_up_for_it(
    warehouse: Warehouse, hand: Hand
) -> None:
    scripted = Scripted(lambda letter: UNREACHED)
    first = run(warehouse, scripted, hand)
    assert len(scripted.tried) == 3
    outcomes = [one.outcome for one in first.channels[0].attempts]
    assert outcomes == [UNREACHED, UNREACHED, UNREACHED, None]
    hand.passes(60)
    run(warehouse, scripted, hand)
    # The one that was not tried comes first now: nothing is put off for ever.
    assert scripted.tried[3].to not in {letter.to for letter in scripted.tried[:3]}
    scripted.answer = lambda letter: SENT
    hand.passes(60)
    assert not run(warehouse, scripted, hand).went_wrong
    assert sorted(scripted.to) == EVERYBODY


def test_a_receiver_that_never_says_yes_gets_a_letter_three_times_and_no_more(warehouse: Warehouse, hand: Hand) -> None:
    scripted = Scripted(lambda letter: Outcome("unknown", "It broke off.") if letter.to.startswith("bob") else SENT)
    for _ in range(5):
        run(warehouse, scripted, hand)
        hand.passes(3 * 3600)
    tried = [letter.letter_id for letter in scripted.tried if letter.to.startswith("bob")]
    assert len(tried) == 3
    assert len(set(tried)) == 1
    assert len(written(warehouse, "message_failed")) == 3


def test_a_channel_that_breaks_by_itself_never_counts_as_told(warehouse: Warehouse, hand: Hand) -> None:
    def broken(letter: Letter) -> Outcome:
        raise RuntimeError

    scripted = Scripted(broken)
    for _ in range(5):
        run(warehouse, scripted, hand)
        hand.passes(3 * 3600)
    assert not written(warehouse, "message_sent")
    assert not doubts(written(warehouse), "scripted"), "nothing was handed over"


def test_letters_that_are_refused_one_by_one_do_not_give_the_channel_up(warehouse: Warehouse, hand: Hand) -> None:
    scripted = Scripted(lambda letter: REFUSED)
    run(warehouse, scripted, hand)
    assert len(scripted.tried) == 4


def test_a_channel_that_breaks_on_a_letter_tells_no_secret_and_goes_on(warehouse: Warehouse, hand: Hand) -> None:
    def broken(letter: Letter) -> Outcome:
        if letter.to.startswith("ana"):
            raise ValueError("https://hooks.example.org/T0/secret")
        return SENT

    scripted = Scripted(broken)
    assert run(warehouse, scripted, hand).went_wrong
    assert len(scripted.sent) == 3
    [failure] = written(warehouse, "message_failed")
    assert failure.facts["state"] == "unknown"
    assert "ValueError" in failure.facts["reason"]
    assert "secret" not in json.dumps(failure.facts)


def test_a_letter_that_cannot_be_written_keeps_no_other(
    warehouse: Warehouse, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(message: Any, *rest: Any, **options: Any) -> Letter:
        if message.owner.startswith("dan"):
            raise ZeroDivisionError
        return compose(message, *rest, **options)

    scripted = Scripted()
    with monkeypatch.context() as patch:
        patch.setattr(flow, "compose", broken)
        assert run(warehouse, scripted, hand).went_wrong
    assert sorted(scripted.to) == EVERYBODY[:3]
    hand.passes(60)
    assert not run(warehouse, scripted, hand).went_wrong
    assert sorted(scripted.to) == EVERYBODY


def test_what_fails_beside_the_messages_keeps_none_of_them(
    warehouse: Warehouse, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("advice_for", "retrain", "judge_champions"):
        monkeypatch.setattr(flow, name, lambda *args, **options: 1 // 0)
    scripted = Scripted()
    finished = run(warehouse, scripted, hand)
    assert sorted(scripted.to) == EVERYBODY
    assert finished.went_wrong
    assert len(finished.faults) == 3
    assert all("ZeroDivisionError" in fault for fault in finished.faults)


def test_an_arrived_letter_that_nobody_recorded_is_known_as_if_it_had_been(warehouse: Warehouse, hand: Hand) -> None:
    foreseen = run(warehouse, Scripted(), hand, dry_run=True)
    for message in foreseen.channels[0].plan.messages:
        plan = planned(message, "smtp", hand.now)
        kept = from_row(to_table([plan]).to_pylist()[0] | {"delivery_id": "", "delivered_at": hand.now})
        told = known_by(sent(message, "smtp", hand.now), "smtp").told
        assert told == known_by(sent_as_planned(kept, hand.now), "smtp").told
        assert len(told) == len(message.changes)


def test_links_name_the_event_that_quotes_the_finding(warehouse: Warehouse, hand: Hand) -> None:
    scripted = Scripted()
    foreseen = run(warehouse, scripted, hand, dry_run=True)
    run(warehouse, scripted, hand)
    rows = {event.event_id: event for event in written(warehouse, "message_sent")}
    for message in foreseen.channels[0].plan.messages:
        ids = event_ids(message)
        for change in message.changes:
            for finding in change.findings:
                event = rows[ids[spot(finding)]]
                assert (event.model_id, event.subject, event.facts["rule"]) == spot(finding)[:1] + spot(finding)[3:]
                assert event.facts["sentence_en"]
                assert event.facts["sentence_fr"]
