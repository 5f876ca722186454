"""How the headers of a mail are written: no text can end its line, none is taken for an encoded word, none too long."""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from typing import Any, Final
from urllib.parse import quote

LONGEST_SUBJECT: Final = 400
"""Characters of a subject; what is longer ends in an ellipsis."""

_LINE: Final = 76
_LONGEST_WORD: Final = 900  # RFC 5322 allows 998 characters in a line
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_OVERRIDE: Final = re.compile(r"[\u202a-\u202e]")
_LONE: Final = re.compile(r"[\ud800-\udfff]")


def one_line(text: str) -> str:
    """``text`` without line breaks and control characters, overrides of direction and halves of a character."""
    return _OVERRIDE.sub("", _CONTROL.sub(" ", whole(text))).strip()


def whole(text: str) -> str:
    """``text`` with U+FFFD in place of halves of a character, which no encoding takes."""
    return _LONE.sub("\ufffd", text)


def subject_line(text: str) -> str:
    """A subject of one line, of LONGEST_SUBJECT characters at most."""
    line = one_line(text)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "\u2026"


def in_brackets(address: str) -> str:
    """``address`` (a URL) as the value of a List- header; '' where it is too long for a line."""
    safe = quote(whole(address), safe="%:/?#[]@!$&'()*+;=~._-")
    return f"<{safe}>" if len(safe) <= _LONGEST_WORD else ""


class _Raw(BaseHeader):
    """A header whose value is taken as it is, not looked into."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["decoded"] = value
        kwds["parse_tree"] = UnstructuredHeader.value_parser("")


class _Words(_Raw):
    """Words that stay as they are; a line ends between two of them."""

    def fold(self, *, policy: Policy) -> str:
        line = f"{self.name}:"
        lines = []
        for word in str(self).split():
            if len(line) + 1 + len(word) > _LINE and not line.endswith(":"):
                lines.append(line)
                line = ""
            line += f" {word}"
        return policy.linesep.join([*lines, line]) + policy.linesep


class _Prose(_Raw):
    """Text of any language; what looks like an encoded word (RFC 2047) is encoded, so that nobody decodes it."""

    def fold(self, *, policy: Policy) -> str:
        text = str(self)
        plain = text.isascii() and "=?" not in text and all(len(word) <= _LINE // 2 for word in text.split())
        written = Header(text, "us-ascii" if plain else "utf-8", header_name=self.name, maxlinelen=_LINE)
        return f"{self.name}: {written.encode(linesep=policy.linesep)}{policy.linesep}"


_WORDS: Final = (
    *("message-id", "in-reply-to", "references", "from", "to"),
    *("list-id", "list-unsubscribe", "content-language", "auto-submitted", "x-auto-response-suppress"),
)


def policy(*, utf8: bool) -> EmailPolicy[EmailMessage]:
    """How a mail is written as bytes; with ``utf8`` its addresses may be in any alphabet (RFC 6532)."""
    registry = HeaderRegistry()
    for name in _WORDS:
        registry.map_to_type(name, _Words)
    registry.map_to_type("subject", _Prose)
    return SMTP.clone(header_factory=registry, utf8=utf8, max_line_length=_LINE)
