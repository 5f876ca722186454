"""The lease: of all runs that would send letters at the same moment, on whichever machines, one goes on.

A warehouse can add rows and read them back, and nothing else: it has no lock, and no write that fails because another
was faster. What it does promise is that a question which begins after a delivery has returned sees that delivery. So a
run *first* writes its claim and *then* reads all claims, and it goes on only if no claim of another run is live, that
is, neither released nor past the moment ``until`` that it names.

Never two. Suppose A and B both go on while both claims are live. A's claim was there before A read, B's before B read.
B did not see A's claim, so B's reading began before A's claim was there; hence B's claim, written before B read, was
there before A's was, and so before A read. A saw it, and did not go on. Which of the two came first does not matter,
nor does a clock: moments are compared only to tell whether a claim has run out.

Never none for long. Two that see each other both withdraw, for neither can know whether the other has seen it; they try
again after random pauses that grow with the time a try takes, and do not write while they see a live claim. A run that
was killed releases nothing: its claim runs out after ``SECONDS`` at most, and whoever waits for it goes on then.

Renewal. While a claim of its own is live, a further one with a later ``until`` needs no reading: from the first claim
on, there was no moment at which another run could have read that none is live. Only a renewal that returned too late
proves nothing; the lease is lost then, and the run has to begin again, with a claim and with reading the world anew,
since another may have told it in between.

What is assumed. The clocks of the machines differ by less than ``SKEW_SECONDS``: a holder takes its lease for ended so
much earlier than others do. It counts its time from before the claim was written, on the wall clock and on the
monotonic one, whichever says less: the one stands still on a machine that sleeps, the other may be set back. Handing
one letter over takes less than ``LETTER_SECONDS``, which must be left when it begins. What no lease can exclude is a
process that is stopped between its last look at the clock and the sending, for longer than the lease: the letter then
has the identifier it would have had from the other run.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from dashboard.events import Event, to_table
from dashboard.foreign import json_object
from dashboard.world import AUTHOR
from qod.errors import UnavailableError, VigieError

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

SECONDS: Final = 120.0
"""How long a claim holds."""
LETTER_SECONDS: Final = 30.0
"""The longest that one letter may take; no channel may wait longer for the other side."""
SKEW_SECONDS: Final = 15.0
"""The most by which the clocks of two machines that run 'vigie notify' may differ."""
WAIT_SECONDS: Final = 900.0
"""How long a run waits for others that go on renewing their claims."""

_LOOK_BACK: Final = timedelta(hours=1)  # a claim that is live was written within it, whatever the clocks
_LONGEST_PAUSE: Final = 10.0


class LeaseLostError(VigieError):
    """The run's lease ran out before it was done: another run may have begun."""

    def __init__(self) -> None:
        super().__init__("the claim of this run ran out before it was done.", hint="run 'vigie notify' again.")


@dataclass(frozen=True, slots=True)
class Clock:
    """What tells the time, and lets it pass (``sleep``, seconds)."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


SYSTEM: Final = Clock(lambda: datetime.now(UTC), time.monotonic, time.sleep)


@dataclass(slots=True)
class Lease:
    """A run's right to send, for a while; ``run`` (16 hexadecimal digits) names it.

    ``planned`` are the channels for which it has looked at everything, and planned what there is to tell.
    """

    warehouse: Warehouse
    clock: Clock
    run: str
    _ends: tuple[datetime, float]
    planned: list[str] = field(default_factory=list)
    _claims: int = 0

    def left(self) -> float:
        """Seconds for which no other run can begin; below 0 when one may have."""
        wall, monotonic = self._ends
        seconds = (wall - self.clock.now()).total_seconds()
        return min(seconds, monotonic - self.clock.monotonic()) - SKEW_SECONDS

    def keep(self) -> None:
        """Make sure that there is time for one more letter, with a further claim where half is gone.

        Raises LeaseLostError where there is not: nothing may be sent before a new lease.
        """
        if self.left() < SECONDS / 2:
            renewed = self._claim()
            if self.left() < 0:  # it was there too late to prove anything
                raise LeaseLostError
            self._ends = renewed
        if self.left() < LETTER_SECONDS:
            raise LeaseLostError

    def release(self) -> None:
        """Let others begin at once."""
        facts = {"channels": self.planned}
        self._deliver(Event(f"{self.run}.released", self.clock.now(), "notify_released", author=AUTHOR, facts=facts))

    def _claim(self) -> tuple[datetime, float]:
        """Write a further claim; returns when it ends, on both clocks."""
        now, monotonic = self.clock.now(), self.clock.monotonic()
        until = now + timedelta(seconds=SECONDS)
        facts = {"until": until.isoformat()}
        self._deliver(Event(f"{self.run}.{self._claims}", now, "notify_claimed", author=AUTHOR, facts=facts))
        self._claims += 1
        return until, monotonic + SECONDS

    def _deliver(self, event: Event) -> None:
        self.warehouse.deliver({"events": to_table([event])}, kind="notify")


@contextmanager
def claimed(warehouse: Warehouse, waiting: Callable[[str], None], *, clock: Clock = SYSTEM) -> Iterator[Lease]:
    """The lease of this run, released at the end; see the module for what it guarantees.

    ``waiting`` is told in one sentence when another run is waited for. Raises UnavailableError when others held on for
    ``WAIT_SECONDS``, and what the warehouse raises.
    """
    lease = _acquire(warehouse, waiting, clock)
    try:
        yield lease
    finally:
        with suppress(VigieError):  # it runs out by itself
            lease.release()


def _acquire(warehouse: Warehouse, waiting: Callable[[str], None], clock: Clock) -> Lease:
    begun, chance, tries = clock.monotonic(), random.SystemRandom(), 0
    while True:
        _wait(warehouse, waiting, clock, begun)
        tried = clock.monotonic()
        # Each try is a run of its own: what was withdrawn stays withdrawn.
        lease = Lease(warehouse, clock, secrets.token_hex(8), (clock.now(), tried))
        try:
            lease._ends = lease._claim()
            alone = not _live(warehouse, clock, lease.run)
        except BaseException:
            # Nobody knows whether the claim is there: others need not wait for it.
            with suppress(VigieError):
                lease.release()
            raise
        if alone and lease.left() >= LETTER_SECONDS:
            return lease
        lease.release()
        tries += 1
        took = clock.monotonic() - tried
        clock.sleep(chance.uniform(0.0, min(max(took, 0.1) * 2**tries, 3 * _LONGEST_PAUSE)))


def _wait(warehouse: Warehouse, waiting: Callable[[str], None], clock: Clock, begun: float) -> None:
    """Until no other run holds a live claim."""
    chance, told, pause = random.SystemRandom(), False, 0.5
    while others := _live(warehouse, clock):
        last = max(others)
        if clock.monotonic() - begun > WAIT_SECONDS:
            raise UnavailableError(
                f"Another 'vigie notify' has been at work for {WAIT_SECONDS / 60:.0f} minutes, and claims to be until "
                f"{last:%Y-%m-%d %H:%M:%S} UTC: nothing was sent by this one.",
                trouble="busy",
                hint="what it leaves is told by the next run.",
            )
        left = (last - clock.now()).total_seconds()
        if not told:
            waiting(
                "Another 'vigie notify' is at work, or was killed: waiting until it ends, or its claim runs out "
                f"({max(left, 0):.0f} seconds)."
            )
            told = True
        clock.sleep(min(chance.uniform(0.5, 1.5) * pause, max(left, 0.05)))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _live(warehouse: Warehouse, clock: Clock, own: str = "") -> list[datetime]:
    """Until when each run but ``own`` claims to be at work, of those that neither ended nor ran out."""
    asked = clock.now()  # not when the answer came: what ran out meanwhile may have been renewed meanwhile
    rows = warehouse.query("events", since=asked - _LOOK_BACK).to_pylist()
    # A claim holds two minutes: what names a moment far beyond is no run's, and would keep all from sending for ever.
    return [until for run, until in _claims(rows).items() if run != own and asked < until < asked + _LOOK_BACK]


def _claims(rows: Iterable[Mapping[str, Any]]) -> dict[str, datetime]:
    """Until when each run that released nothing has claimed to be at work."""
    found: dict[str, datetime] = {}
    released = set[str]()
    for row in rows:
        run = row["event_id"].rpartition(".")[0]
        if row["kind"] == "notify_released":
            released.add(run)
        elif row["kind"] == "notify_claimed" and (until := _until(row["facts"])):
            found[run] = max(until, found.get(run, until))
    return {run: until for run, until in found.items() if run not in released}


def _until(facts: str | None) -> datetime | None:
    """The moment that a claim names; None where a foreign row names none."""
    try:
        until = datetime.fromisoformat(json_object(facts)["until"])
    except (ValueError, KeyError, TypeError):
        return None
    return until if until.tzinfo else None
