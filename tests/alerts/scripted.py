"""A channel that keeps what it is given, and answers as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dashboard.alerts.channel import SENT, Channel, Outcome, Sender
from dashboard.alerts.letter import Letter
from dashboard.settings import Settings
from dashboard.text import Text


@dataclass
class Scripted:
    """``answer`` says what becomes of a letter, ``knows`` whether the other side has one; ``sent`` are all it took."""

    answer: Callable[[Letter], Outcome] = lambda letter: SENT
    knows: Callable[[str], bool | None] = lambda letter_id: None
    tried: list[Letter] = field(default_factory=list)
    sent: list[Letter] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def has(self, letter_id: str) -> bool | None:
        self.asked.append(letter_id)
        return self.knows(letter_id)

    def send(self, letter: Letter) -> Outcome:
        self.tried.append(letter)
        outcome = self.answer(letter)
        if outcome.state == "sent":
            self.sent.append(letter)
        return outcome

    @property
    def to(self) -> list[str]:
        return [letter.to for letter in self.sent]

    @property
    def channel(self) -> Channel:
        @contextmanager
        def opened(settings: Settings) -> Iterator[Sender]:
            yield self

        words = Text("scripted", "selon le texte")
        return Channel("scripted", words, words, (), words, opened)
