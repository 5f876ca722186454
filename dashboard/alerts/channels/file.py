"""The channel that writes each letter into a folder, for whoever reads it there, and for trials."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.alerts.channel import SENT, Channel, Outcome, Sender
from dashboard.alerts.letter import Letter
from dashboard.settings import Settings
from dashboard.text import Text

_LETTER: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Outbox:
    """A letter is there once its mail is: that is written last, whole or not at all."""

    folder: Path
    settings: Settings

    def has(self, letter_id: str) -> bool:
        # A plan that another hand wrote may name anything, also a path that leads out of the folder.
        return _LETTER.fullmatch(letter_id) is not None and (self.folder / f"{letter_id}.eml").exists()

    def send(self, letter: Letter) -> Outcome:
        from dashboard.alerts.mail.mail import mail_of

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            payload = json.dumps(letter.payload, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
            _write(self.folder / f"{letter.letter_id}.json", payload.encode(errors="replace"))
            _write(self.folder / f"{letter.letter_id}.eml", bytes(mail_of(letter, self.settings)))
        except OSError as error:
            return Outcome("refused", f"The folder {self.folder} cannot be written: {error.strerror}.", reached=False)
        return SENT


def _write(path: Path, content: bytes) -> None:
    """The file, whole on the disk before it has its name; what a run that was killed left of it is written over."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


@contextmanager
def open_outbox(settings: Settings) -> Iterator[Sender]:
    """A sender that writes into the folder of the setting outbox."""
    yield _Outbox(Path(settings.outbox), settings)


CHANNEL = Channel(
    key="file",
    name=Text("folder", "dossier"),
    meaning=Text(
        "Each letter is a mail (.eml) and its data (.json) in the folder outbox, named after the letter.",
        "Chaque lettre est un courriel (.eml) et ses données (.json) dans le dossier outbox, au nom de la lettre.",
    ),
    needs=("outbox",),
    repeats=Text(
        "A letter that was written twice is one file.",
        "Une lettre écrite deux fois est un seul fichier.",
    ),
    open=open_outbox,
)
