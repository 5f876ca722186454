"""A digest goes out: once over each channel to each address, whoever runs it how often."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from dashboard.alerts.channel import SENT, Channel, Outcome
from dashboard.alerts.claim import SYSTEM, Clock, claimed
from dashboard.alerts.digests.digest import Digest
from dashboard.alerts.digests.letter import compose_digest
from dashboard.alerts.stopping import undisturbed
from dashboard.alerts.writing.addresses import Addresses
from dashboard.events import Event, to_table
from dashboard.settings import Settings

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

AUTHOR = "digest"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the letter to one address over one channel; ``outcome`` is None where it was sent before."""

    channel: str
    to: str
    outcome: Outcome | None


def letter_id(digest: Digest, channel: str, to: str) -> str:
    """32 hexadecimal digits: the same for the same team, days, channel and address, and of no other."""
    window = digest.window
    said = repr(["digest", digest.chosen, window.since.isoformat(), window.until.isoformat(), channel, to])
    return hashlib.blake2s(said.encode(errors="replace"), digest_size=16).hexdigest()


def send_digest(
    warehouse: Warehouse,
    digest: Digest,
    settings: Settings,
    channels: Sequence[Channel],
    addresses: Sequence[str],
    waiting: Callable[[str], None],
    *,
    clock: Clock = SYSTEM,
) -> Iterator[Sent]:
    """What became of each letter, as soon as it is recorded.

    The lease of 'vigie notify' keeps two runs apart. A letter that arrived without being recorded, as a run was killed
    just then, is recorded now where the channel knows of it; else it goes again, under the same identifier.
    """
    with claimed(warehouse, waiting, clock=clock) as lease:
        since = datetime.combine(digest.window.until, time(), UTC)
        rows = warehouse.query("events", since=since).to_pylist()
        before = {row["event_id"] for row in rows if row["kind"] == "digest_sent"}
        for channel in channels:
            with channel.open(settings) as sender:
                for to in dict.fromkeys(addresses):
                    letter = letter_id(digest, channel.key, to)
                    if _event_id(letter) in before:
                        yield Sent(channel.key, to, None)
                        continue
                    lease.keep()
                    with undisturbed():
                        now = clock.now()
                        outcome = SENT
                        if not sender.has(letter):
                            links = Addresses(settings.public_url)
                            outcome = sender.send(
                                compose_digest(digest, links, settings.language, letter_id=letter, address=to, now=now)
                            )
                        if outcome.state == "sent":
                            event = _event(digest, letter, channel.key, to, now)
                            warehouse.deliver({"events": to_table([event])}, kind="notify")
                    yield Sent(channel.key, to, outcome)


def _event_id(letter: str) -> str:
    return f"{letter}.digest"


def _event(digest: Digest, letter: str, channel: str, to: str, now: datetime) -> Event:
    window = digest.window
    facts = {"team": digest.chosen, "since": window.since.isoformat(), "until": window.until.isoformat()}
    return Event(_event_id(letter), now, "digest_sent", author=AUTHOR, facts={**facts, "to": to, "channel": channel})
