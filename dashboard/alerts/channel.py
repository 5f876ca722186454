"""What a channel declares about itself, and what it says of a letter it was given."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from dashboard.alerts.letter import Letter
from dashboard.settings import Settings
from dashboard.text import Text

State = Literal["sent", "refused", "unknown"]
"""The other side has it; it has it not; or nobody can tell (the line broke after all was said)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``reason`` says in one sentence why it is not sent, or not known; no secret is in it.

    ``reached`` is False where the other side could not be spoken to at all, so that other letters will fare no better.
    """

    state: State
    reason: str = ""
    reached: bool = True


SENT = Outcome("sent")


class Sender(Protocol):
    """An open channel. It never raises for what the other side does."""

    def has(self, letter_id: str) -> bool | None:
        """Whether a letter arrived that an earlier run may have sent; None where the channel cannot tell."""

    def send(self, letter: Letter) -> Outcome:
        """Hand the letter over, within a bounded time. Sent twice, a receiver that looks at its id sees it once."""


@dataclass(frozen=True, slots=True)
class Channel:
    """The facts of a channel. ``needs`` are the settings it does not work without; ``addressed``, whether a letter
    goes to its owner's mail address, so that what nobody owns cannot be told.

    ``repeats`` says what a receiver sees of a letter that was sent twice, for the documentation.
    """

    key: str
    name: Text
    meaning: Text
    needs: tuple[str, ...]
    repeats: Text
    open: Callable[[Settings], AbstractContextManager[Sender]]
    addressed: bool = False
