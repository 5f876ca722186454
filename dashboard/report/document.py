"""The one document of a report: its head, its contents, and its parts one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dashboard import format as form
from dashboard.report.drawing.ink import escaped
from dashboard.report.style import style
from dashboard.text import Language, Text
from dashboard.web.amounts import moment

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the document may load: its own styles, and pictures that it holds."""

_STATE_OF: Final = Text("State of {day}", "État du {day}")
_EVALUATED: Final = Text("evaluated {when}", "évalué le {when}")
_NEVER: Final = Text("not evaluated yet", "pas encore évalué")
_CONTENTS: Final = Text("Contents", "Sommaire")
_LIVE: Final = Text("The same as live pages", "Les mêmes pages, à jour")
_KEPT: Final = Text(
    "A report of Vigie. It is as the tables were then, and does not change.",
    "Un rapport de Vigie. Il montre les tables telles qu\u2019elles étaient alors, et ne change plus.",
)
_MORE: Final = Text(
    "Another {n} variables have a finding; the table of the inputs has them all.",
    "{n} autres variables ont un constat\u202f; le tableau des variables les montre toutes.",
)
_ONE_MORE: Final = Text(
    "Another variable has a finding; the table of the inputs has them all.",
    "Une autre variable a un constat\u202f; le tableau des variables les montre toutes.",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part as it is written: its anchor, its heading in the contents, its HTML, and the key of its page."""

    anchor: str
    title: str
    body: str
    page: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a report says of itself; ``live`` is the address of the pages it was made from, '' where not known."""

    title: str
    as_of: date | None
    evaluated_at: datetime | None
    environment: str
    live: str = ""
    left_out: int = 0


def document(head: Head, sections: Sequence[Section], language: Language) -> str:
    """The whole HTML document, which loads nothing and runs nothing."""
    name = f"{head.title} · Vigie" + (f" · {head.as_of.isoformat()}" if head.as_of else "")
    return f"""<!DOCTYPE html>
<html lang="{language}" data-theme="light">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{escaped(name)}</title>
<style>{style()}</style>
</head>
<body class="report">
<header class="report-head">
<h1>{escaped(head.title)}</h1>
<p class="lead">{escaped(_dated(head, language))}</p>
{_live(head, language)}</header>
{_contents(head, sections, language)}
<main>
{"".join(_section(section) for section in sections)}</main>
<footer class="report-foot"><p>{escaped(_KEPT[language])}</p></footer>
</body>
</html>
"""


def _dated(head: Head, language: Language) -> str:
    parts = [_STATE_OF[language].format(day=form.day(head.as_of, language))] if head.as_of else []
    when = head.evaluated_at
    # Whoever reads what was kept may do so in any year.
    parts.append(_EVALUATED[language].format(when=moment(when, language, near=date.min)) if when else _NEVER[language])
    return form.capital(" · ".join([*parts, head.environment]))


def _live(head: Head, language: Language) -> str:
    return f'<p><a href="{escaped(head.live)}">{escaped(_LIVE[language])}</a></p>\n' if head.live else ""


def _contents(head: Head, sections: Sequence[Section], language: Language) -> str:
    items = "".join(f'<li><a href="#{section.anchor}">{escaped(section.title)}</a></li>' for section in sections)
    if len(sections) < 2:
        return ""
    more = _ONE_MORE if head.left_out == 1 else _MORE
    note = f"<p>{escaped(more[language].format(n=head.left_out))}</p>" if head.left_out > 0 else ""
    return f'<nav class="report-contents" aria-label="{_CONTENTS[language]}"><ol>{items}</ol>{note}</nav>'


def _section(section: Section) -> str:
    name = "" if "<h2" in section.body else f"<h2>{escaped(section.title)}</h2>"
    return f'<section class="report-part page-{section.page}" id="{section.anchor}">{name}{section.body}</section>\n'
