"""Letters go out: planned all at once, handed over one after another, each recorded before the next.

So at most one letter is in flight, and a run that is killed leaves at most one of which nobody knows whether it
arrived. The next run asks the channel; where that cannot tell, the letter goes again, under the same identifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboard.alerts import record
from dashboard.alerts.channel import Outcome, Sender
from dashboard.alerts.claim import Lease
from dashboard.alerts.letter import Letter
from dashboard.alerts.message import Message
from dashboard.alerts.stopping import undisturbed
from dashboard.events import Event, to_table

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

GIVE_UP: Final = 3
"""So many letters in a row that did not reach the other side: the rest is left for the next run."""

MOST_DOUBTS: Final = 3
"""So often a letter goes out of which nobody can tell whether it arrived; then it counts as told. A receiver that takes
letters and never says so would get it in every run."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message and what became of it; ``outcome`` is None where it was left for the next run."""

    message: Message
    outcome: Outcome | None


def settle(
    warehouse: Warehouse, events: Iterable[Event], channel: str, sender: Sender, lease: Lease
) -> tuple[Event, ...]:
    """The events of letters that an earlier run sent, and did not live to record; they are recorded now.

    A channel that cannot tell, or has not got it, leaves the letter to be planned again.
    """
    found: list[Event] = []
    for letter_id, planned in record.in_doubt(events, channel).items():
        lease.keep()
        if sender.has(letter_id):
            found += record.sent_as_planned(planned, lease.clock.now())
    if found:
        lease.keep()
        _deliver(warehouse, found)
    return tuple(found)


def plan(
    warehouse: Warehouse, messages: Iterable[Message], events: Sequence[Event], channel: str, lease: Lease
) -> None:
    """Record all messages as planned, in one delivery, but for those that are in doubt since an earlier run.

    One that every run before was refused is planned anew, for the moment of its first plan: it may arrive this time
    without anybody recording it.
    """
    before = record.in_doubt(events, channel)
    refused = record.surely_not(events, before)
    now = lease.clock.now()
    made = [
        record.planned(message, channel, plan.happened_at if plan else now, lease.run)
        for message in messages
        if (plan := before.get(message.letter_id)) is None or message.letter_id in refused
    ]
    if made:
        lease.keep()
        _deliver(warehouse, made)


def send(
    warehouse: Warehouse,
    written: Sequence[tuple[Message, Letter]],
    events: Sequence[Event],
    channel: str,
    sender: Sender,
    lease: Lease,
) -> Iterator[Attempt]:
    """What became of each letter, as soon as it is recorded: those that failed before come last.

    ``events`` are those of earlier runs. Nothing is handed over that is not recorded as planned, and nothing once the
    lease is over (LeaseLostError); of what the warehouse raises, too, nothing follows.
    """
    failures, doubts = record.failures(events, channel), record.doubts(events, channel)
    # One that never gets through must not keep the others from being tried.
    ordered = sorted(written, key=lambda one: failures.get(one[0].letter_id, 0))
    in_vain = 0
    for message, letter in ordered:
        if in_vain >= GIVE_UP:
            yield Attempt(message, None)
            continue
        lease.keep()
        with undisturbed():
            outcome = _handed_over(sender, letter)
            now = lease.clock.now()
            if outcome.state == "sent":
                _deliver(warehouse, record.sent(message, channel, now))
            else:
                made = [record.failed(message, channel, outcome, lease.run, now)]
                doubtful = outcome.state == "unknown" and outcome.reached
                if doubtful and doubts.get(message.letter_id, 0) + 1 >= MOST_DOUBTS:
                    made += record.sent(message, channel, now)
                _deliver(warehouse, made)
        in_vain = in_vain + 1 if outcome.state == "unknown" or not outcome.reached else 0
        yield Attempt(message, outcome)


def _handed_over(sender: Sender, letter: Letter) -> Outcome:
    """What the channel says of the letter; one that breaks on a letter keeps no other from going out."""
    try:
        return sender.send(letter)
    except Exception as error:
        # What the error says is not repeated: nobody has looked whether it holds a password.
        reason = f"The channel failed in a way that Vigie did not foresee ({type(error).__name__})."
        return Outcome("unknown", reason, reached=False)


def _deliver(warehouse: Warehouse, events: Sequence[Event]) -> None:
    warehouse.deliver({"events": to_table(events)}, kind="notify")
