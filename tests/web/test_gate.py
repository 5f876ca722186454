"""The gate: a limit for every question, one trial at a time after a failure, longer and longer pauses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from dashboard.web.gate import LIMIT_SECONDS, LONGEST_PAUSE_SECONDS, Gate
from qod.errors import InputError, Trouble, UnavailableError, WarehouseError
from qod.warehouse.purpose import current, purpose
from tests.web.failing import Clock, together


def fails(trouble: Trouble = "busy") -> Callable[[], int]:
    def ask() -> int:
        raise UnavailableError("no", trouble=trouble)

    return ask


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate(clock=clock)


def asked(gate: Gate, question: Callable[[], int] = lambda: 1, *, kind: str = "query") -> bool:
    """Whether the gate let a question through."""
    through = []
    with suppress(UnavailableError):
        gate.ask(lambda: (through.append(1), question())[1], kind=kind)  # type: ignore[arg-type]
    return bool(through)


def test_the_limits_of_the_product_keep_a_hang_within_ten_seconds() -> None:
    from qod.warehouse.bigquery.ask import PAGE

    assert PAGE.seconds < LIMIT_SECONDS < 10
    assert LONGEST_PAUSE_SECONDS == 60


def test_a_question_is_answered_for_the_page_that_asked(gate: Gate) -> None:
    with purpose("page", "fleet"):
        assert gate.ask(lambda: current().name, kind="query") == "fleet"


def test_after_a_failure_nobody_asks_for_a_while_and_then_one(gate: Gate, clock: Clock) -> None:
    assert asked(gate, fails())
    assert gate.pause_seconds == 5
    with pytest.raises(UnavailableError, match="no"):
        gate.ask(lambda: 1, kind="query")
    clock.now += 4.9
    assert not asked(gate)
    clock.now += 0.2
    assert gate.pause_seconds == 0
    others: list[bool] = []
    assert asked(gate, lambda: others.extend(together(lambda: asked(gate))) or 1)
    assert others == [False] * 8, "while one tries the others do not"
    assert asked(gate)
    assert all(together(lambda: asked(gate)))


def test_pauses_double_up_to_a_minute_and_begin_anew_after_recovery(gate: Gate, clock: Clock) -> None:
    pauses = []
    for _ in range(6):
        assert asked(gate, fails())
        pauses.append(gate.pause_seconds)
        clock.now += pauses[-1]
    assert pauses == [5, 10, 20, 40, 60, 60]
    assert asked(gate)
    assert asked(gate, fails())
    assert gate.pause_seconds == 5


def test_many_failures_of_one_moment_count_as_one(gate: Gate) -> None:
    inside = threading.Barrier(8)

    def fail() -> int:
        inside.wait(5)
        raise UnavailableError("no", trouble="hang")

    together(lambda: gate.ask(fail, kind="query"))
    assert gate.pause_seconds == 5


def test_a_stamp_that_can_be_had_again_does_not_let_everybody_ask_what_failed(gate: Gate, clock: Clock) -> None:
    assert asked(gate, fails("quota"))
    clock.now += 5
    assert asked(gate, kind="stamp")
    assert gate.pause_seconds == 0
    assert asked(gate, fails("quota"))
    assert gate.pause_seconds == 10, "it failed again, whatever the stamp did"


def test_a_question_that_hangs_is_given_up(clock: Clock) -> None:
    gate, go, late = Gate(limit_seconds=0.1, clock=clock), threading.Event(), list[int]()

    def hang() -> int:
        assert go.wait(5)
        return 7

    began = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        gate.ask(hang, kind="query", late=late.append)
    assert caught.value.trouble == "hang"
    assert time.monotonic() - began < 1
    assert not asked(gate)
    go.set()
    for _ in range(500):
        if not late:
            time.sleep(0.01)
    assert late == [7], "an answer that comes late is there for the next reader"


def test_a_refused_permission_does_not_shut_the_gate(gate: Gate) -> None:
    assert asked(gate, fails("denied"))
    assert asked(gate)


def test_a_wrong_question_does_not_shut_the_gate(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> int:
        raise InputError("wrong")

    def crash() -> int:
        raise KeyError("rows")

    with pytest.raises(InputError):
        gate.ask(refuse, kind="query")
    with pytest.raises(WarehouseError, match="The warehouse failed: KeyError"):
        gate.ask(crash, kind="query")
    assert "Traceback" in caplog.text, "what nobody foresaw is in the log"
    assert asked(gate)


def test_a_long_outage_leaves_nothing_behind(gate: Gate) -> None:
    def refused() -> UnavailableError:
        with pytest.raises(UnavailableError) as caught:
            gate.ask(lambda: 1, kind="query")
        return caught.value

    assert asked(gate, fails("quota"))
    first, second = refused(), refused()
    assert first is not second, "an error raised again and again keeps every frame it went through"
    assert (second.trouble, str(second)) == ("quota", "no")
