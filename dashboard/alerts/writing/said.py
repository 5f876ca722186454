"""What a message says of a finding: the very sentence of the pages."""

from __future__ import annotations

from dashboard import rules
from dashboard.alerts.change import Change
from dashboard.alerts.writing.cause import cause
from dashboard.finding import Finding
from dashboard.format import capital
from dashboard.links import WHOLE
from dashboard.text import LANGUAGES, Text
from qod.errors import UnknownNameError


def said(finding: Finding) -> Text:
    """Its sentence; of one that was stored without the facts of its sentence, what is known in a few words."""
    try:
        return rules.sentence(finding)
    except (UnknownNameError, KeyError, TypeError, ValueError):
        return in_brief(finding)


def in_brief(finding: Finding, *, more: int = 0) -> Text:
    """Its cause as a sentence of its own, and how many ``more`` findings there are; a name keeps its first letter."""
    words = cause(finding, more=more)
    whole = finding.subject in WHOLE
    return Text(*(f"{capital(words[language]) if whole else words[language]}." for language in LANGUAGES))


def headline(change: Change) -> Text | None:
    """The sentence that ``change`` is told by: that of its worst finding, else the model's own; None without either.

    The model's sentence may be of a finding that somebody has taken care of, and it counts others in its own way: here
    they stand below it.
    """
    return said(change.findings[0]) if change.findings else change.model.headline
