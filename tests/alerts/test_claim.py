from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from dashboard.alerts import channels, claim
from dashboard.alerts.claim import SECONDS, SKEW_SECONDS, LeaseLostError, claimed
from dashboard.declared import modules
from dashboard.events import Event, to_table
from qod.errors import UnavailableError
from qod.warehouse import Warehouse, open_warehouse
from qod.warehouse.bigquery import ddl
from qod.warehouse.bigquery.connect import parse_address
from tests.alerts.between import Between
from tests.alerts.clocks import Hand
from tests.warehouse.bigquery_home import ADDRESS, emulated

# The fixtures of the warehouses' own tests.
from tests.warehouse.conftest import bucket, cloud_storage  # noqa: F401


def quiet(_: str) -> None:
    """Whoever waits, waits."""


def rivals(open_one: Any, runs: int, times: int) -> list[str]:
    """The runs that held the lease, in order; fails where two held it at once."""
    inside, held, faults = threading.Lock(), list[str](), list[BaseException]()

    def run() -> None:
        try:
            warehouse = open_one()
            for _ in range(times):
                with claimed(warehouse, quiet) as lease:
                    assert inside.acquire(blocking=False), "two runs hold the lease"
                    held.append(lease.run)
                    lease.keep()
                    threading.Event().wait(0.02)
                    inside.release()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return held


@contextmanager
def in_bigquery() -> Iterator[str]:
    place = parse_address(ADDRESS)
    with emulated() as server, server.client() as client:
        for table in ddl.STORED.values():
            client.query_and_wait(ddl.create(table, place))
        yield ADDRESS


def test_of_many_runs_at_once_one_goes_on_at_a_time_and_all_have_their_turn(tmp_path: Path) -> None:
    held = rivals(lambda: open_warehouse(tmp_path), 3, 3)
    assert len(held) == len(set(held)) == 9


@pytest.mark.slow
def test_so_it_is_in_a_bucket(request: pytest.FixtureRequest) -> None:
    home = request.getfixturevalue("bucket")
    assert len(rivals(home.open, 3, 2)) == 6


@pytest.mark.slow
def test_so_it_is_in_bigquery() -> None:
    with in_bigquery() as address:
        assert len(rivals(lambda: open_warehouse(address), 2, 2)) == 4


def test_two_that_see_each_other_both_withdraw_and_then_go_one_after_the_other(tmp_path: Path) -> None:
    both = threading.Barrier(2)
    tries = threading.local()

    def open_one() -> Warehouse:
        def claim_is_there() -> None:
            tries.n = getattr(tries, "n", 0) + 1
            if tries.n == 1:  # neither reads before both have written
                both.wait(timeout=30)

        return cast(Warehouse, Between(open_warehouse(tmp_path), delivered=claim_is_there))

    held = rivals(open_one, 2, 1)
    rows = open_warehouse(tmp_path).table("events").to_pylist()
    begun = {row["event_id"].rpartition(".")[0] for row in rows if row["kind"] == "notify_claimed"}
    ended = {row["event_id"].rpartition(".")[0] for row in rows if row["kind"] == "notify_released"}
    assert begun == ended
    assert len(begun - set(held)) >= 2  # each first claim was withdrawn
    assert len(held) == 2


def test_the_claim_of_a_killed_run_is_waited_for_and_no_longer(tmp_path: Path) -> None:
    hand, told = Hand(), list[str]()
    begun = hand.now
    dead = claimed(open_warehouse(tmp_path), quiet, clock=hand.clock)
    dead.__enter__()  # and never left
    hand.passes(10)
    with claimed(open_warehouse(tmp_path), told.append, clock=hand.clock):
        waited = (hand.now - begun).total_seconds()
    assert SECONDS <= waited < SECONDS + 20
    assert told == [
        "Another 'vigie notify' is at work, or was killed: waiting until it ends, or its claim runs out (110 seconds)."
    ]


def test_a_run_that_ended_is_not_waited_for(tmp_path: Path) -> None:
    hand, told = Hand(), list[str]()
    for _ in range(3):
        with claimed(open_warehouse(tmp_path), told.append, clock=hand.clock):
            hand.passes(1)
    assert told == []
    assert hand.slept == []


def test_a_run_that_failed_is_not_waited_for(tmp_path: Path) -> None:
    hand, told = Hand(), list[str]()
    with pytest.raises(ZeroDivisionError), claimed(open_warehouse(tmp_path), quiet, clock=hand.clock):
        raise ZeroDivisionError
    with claimed(open_warehouse(tmp_path), told.append, clock=hand.clock):
        pass
    assert told == []


def test_a_run_that_lasts_is_waited_for_since_it_renews_its_claim(tmp_path: Path) -> None:
    warehouse, hand = open_warehouse(tmp_path), Hand()
    with claimed(warehouse, quiet, clock=hand.clock) as lease:
        for _ in range(10):
            hand.passes(SECONDS / 3)
            lease.keep()
            assert lease.left() >= claim.LETTER_SECONDS
            assert claim._live(warehouse, hand.clock) != []
    assert claim._live(warehouse, hand.clock) == []


def test_waiting_for_others_that_never_end_ends_with_a_sentence(tmp_path: Path) -> None:
    hand = Hand()
    with claimed(open_warehouse(tmp_path), quiet, clock=hand.clock) as lease:
        renewing = Between(open_warehouse(tmp_path), answered=lease.keep)
        with (
            pytest.raises(UnavailableError, match="nothing was sent by this one") as caught,
            claimed(cast(Warehouse, renewing), quiet, clock=hand.clock),
        ):
            pytest.fail("two runs hold the lease")
    assert "for 15 minutes" in str(caught.value)


def test_a_lease_that_ran_out_sends_nothing_more(tmp_path: Path) -> None:
    hand = Hand()
    with claimed(open_warehouse(tmp_path), quiet, clock=hand.clock) as lease:
        hand.passes(SECONDS - SKEW_SECONDS + 1)  # others may still wait; a machine whose clock is ahead does not
        assert lease.left() < 0
        with pytest.raises(LeaseLostError):
            lease.keep()


def test_a_renewal_that_came_too_late_is_none(tmp_path: Path) -> None:
    hand = Hand()
    slow = Between(open_warehouse(tmp_path))
    with claimed(cast(Warehouse, slow), quiet, clock=hand.clock) as lease:
        hand.passes(SECONDS / 2)
        slow.delivered = lambda: hand.passes(SECONDS / 2)  # the warehouse took a minute
        with pytest.raises(LeaseLostError):
            lease.keep()


def test_a_claim_that_took_too_long_to_write_is_withdrawn_and_tried_again(tmp_path: Path) -> None:
    hand, waits = Hand(), iter([SECONDS])
    slow = Between(open_warehouse(tmp_path), delivered=lambda: hand.passes(next(waits, 0)))
    with claimed(cast(Warehouse, slow), quiet, clock=hand.clock) as lease:
        assert lease.left() > claim.LETTER_SECONDS


@pytest.mark.parametrize("moved", ["the machine slept", "the clock was set back"])
def test_the_clock_that_says_less_is_believed(tmp_path: Path, moved: str) -> None:
    hand = Hand()
    with claimed(open_warehouse(tmp_path), quiet, clock=hand.clock) as lease:
        if moved == "the machine slept":  # its monotonic clock stood still
            hand.now += timedelta(seconds=SECONDS)
        else:
            hand.awake += SECONDS
            hand.now -= timedelta(hours=1)
        with pytest.raises(LeaseLostError):
            lease.keep()


def test_what_was_renewed_while_a_question_was_answered_still_holds(tmp_path: Path) -> None:
    """The answer is of a moment before: by the time it comes, the claim in it has run out, its renewal has not."""
    hand = Hand()
    with claimed(open_warehouse(tmp_path), quiet, clock=hand.clock) as lease:
        hand.passes(SECONDS / 2 - 1)

        def late() -> None:
            hand.passes(2)
            lease.keep()  # a claim that is not in the answer
            hand.passes(SECONDS / 2)

        late_reader = Between(open_warehouse(tmp_path), answered=late)
        assert claim._live(cast(Warehouse, late_reader), hand.clock) != []


def test_no_channel_takes_longer_for_a_letter_than_the_lease_allows() -> None:
    assert {"smtp", "webhook"} <= channels.load().keys()
    for module in modules("dashboard.alerts.channels").values():
        assert getattr(module, "SECONDS", 0.0) <= claim.LETTER_SECONDS
    assert claim.LETTER_SECONDS + SKEW_SECONDS < SECONDS / 2  # a claim that was just renewed is enough for a letter


def test_rows_that_others_put_there_harm_nobody(tmp_path: Path) -> None:
    warehouse, hand, told = open_warehouse(tmp_path), Hand(), list[str]()
    wrong: list[dict[str, object]] = [
        {},
        {"until": None},
        {"until": "soon"},
        {"until": "2026-11-19T06:01:00"},
        {"until": 5},
        {"until": "9999-12-31T00:00:00+00:00"},
    ]
    rows = [
        Event(f"{kind} {n}.0", hand.now, kind, facts=facts)
        for kind in ("notify_claimed", "message_sent")
        for n, facts in enumerate(wrong)
    ]
    rows.append(Event("no dot", hand.now, "notify_released"))
    rows.append(
        Event("past.0", hand.now, "notify_claimed", facts={"until": datetime(2026, 11, 19, 5, tzinfo=UTC).isoformat()})
    )
    for row in rows:
        warehouse.deliver({"events": to_table([row])}, kind="other")
    with claimed(warehouse, told.append, clock=hand.clock):
        pass
    assert told == []
