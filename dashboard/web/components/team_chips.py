"""The teams of the fleet: how many of whose models have which colour, and how long one has been red; each filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.stoplight import WORDS, WORST_FIRST, known
from dashboard.web.page import Request
from dashboard.web.words import number

MOST: Final = 8
"""Teams that have a chip of their own; the filter names all."""

_TEAMS: Final = Text("By team", "Par équipe")
_RED_FOR: Final = Text("red for {days}", "rouge depuis {days}")
_CALM: Final = Text("{n} more teams, all green", "{n} autres équipes, tout en vert")
_ONE_CALM: Final = Text("one more team, all green", "une autre équipe, tout en vert")
_OTHERS: Final = Text("{n} more teams", "{n} autres équipes")
_OTHER: Final = Text("one more team", "une autre équipe")


@dataclass(frozen=True, slots=True)
class Team:
    """A team with how many of its models have which colour, and the first day of its longest red; None without any."""

    name: str
    counts: Counter[str]
    red_since: date | None


def teams(rows: Sequence[Mapping[str, Any]]) -> list[Team]:
    """The teams of ``rows``: most red models first, then most amber, then most without data, then by name."""
    counts: dict[str, Counter[str]] = {}
    since: dict[str, date] = {}
    for row in rows:
        if not row["team"]:
            continue
        name, colour = row["team"], known(row["colour"])
        counts.setdefault(name, Counter())[colour] += 1
        if colour == "red" and row["since"]:
            since[name] = min(since.get(name, row["since"]), row["since"])
    found = [Team(name, own, since.get(name)) for name, own in counts.items()]
    return sorted(
        found,
        key=lambda team: (*(-team.counts[colour] for colour in ("red", "amber", "grey")), team.name.casefold()),
    )


def team_chips(request: Request, rows: Sequence[Mapping[str, Any]], today: date | None) -> html.Node:
    """A chip for each team with a model that is not green; nothing where there are not several teams."""
    found = teams(rows)
    if len(found) < 2:
        return None
    chosen = request.params["team"]
    wanting = [team for team in found if team.counts.total() > team.counts["green"] or team.name == chosen]
    shown = wanting[:MOST]
    rest = len(found) - len(shown)
    calm = len(shown) == len(wanting)
    words = (_ONE_CALM if calm else _OTHER) if rest == 1 else (_CALM if calm else _OTHERS)
    return html.section(
        html.h2(request.t(_TEAMS), class_="unseen"),
        html.ul(
            [html.li(_chip(request, team, today)) for team in shown],
            html.li(request.t(words).format(n=number(rest, request.language)), class_="rest") if rest else None,
        ),
        class_="teams",
    )


def _chip(request: Request, team: Team, today: date | None) -> html.Node:
    language, selected = request.language, request.params["team"] == team.name
    shown = [colour for colour in WORST_FIRST if team.counts[colour]]
    return html.a(
        html.strong(form.name(team.name, longest=28), title=team.name),
        html.span([_count(team.counts[colour], colour, language) for colour in shown], class_="team-counts"),
        html.small(request.t(_RED_FOR).format(days=form.lasting(team.red_since, today, language)), class_="soft")
        if today and team.red_since
        else None,
        href=request.link(team=None if selected else team.name, page=None),
        class_="team selected" if selected else "team",
        aria_current="true" if selected else None,
        data_stay="true",
    )


def _count(n: int, colour: str, language: Language) -> html.Node:
    word = WORDS[colour][language].lower()
    return html.span(
        html.span(class_=f"glyph {colour}", aria_hidden="true"),
        form.count(n, language),
        html.span(f" {word}", class_="unseen"),
        title=f"{form.count(n, language)} {word}",
    )
