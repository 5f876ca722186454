"""A digest written: subject, HTML, plain text and payload, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from dashboard.alerts.digests import words
from dashboard.alerts.digests.digest import COUNTED, Digest, Entry, Recovery, Standing, Team
from dashboard.alerts.letter import Letter
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.content import Block, Content, Item, Items, Link, Paragraph, Section, State, Table
from dashboard.alerts.writing.html import html
from dashboard.alerts.writing.neutral import neutral
from dashboard.alerts.writing.payload import VERSION
from dashboard.alerts.writing.plain import plain
from dashboard.alerts.writing.subject import LONGEST
from dashboard.events import Event
from dashboard.format import count as counted
from dashboard.format import lasting
from dashboard.format import name as named
from dashboard.incidents import Incident, sentence
from dashboard.plural import plural
from dashboard.reasons import reasons_of
from dashboard.say import say
from dashboard.text import Language, Text

MOST: Final = 12
"""Models that one list names; the page has them all."""


def compose_digest(
    digest: Digest, to: Addresses, language: Language, *, letter_id: str, address: str, now: datetime
) -> Letter:
    """The letter to ``address``; the same digest is the same letter."""
    content, title = digest_content(digest, to, language, mailed=True), digest_subject(digest)[language]
    text = plain(content)
    return Letter(
        letter_id=letter_id,
        to=address,
        language=language,
        subject=title,
        plain=text,
        html=html(content),
        written_at=now,
        threads=(f"digest:{digest.chosen or ''}",),
        payload=_payload(digest, language, letter_id, address, now, title, text, content.action),
    )


def digest_subject(digest: Digest) -> Text:
    """``Team Care, week 47: 3 red (+1), 2 amber, 1 without data``, on one line of at most ``LONGEST`` characters.

    Colours that no model has or had are left out; where there is no room, the calmest too.
    """
    parts = []
    for colour in COUNTED:
        n, before = digest.total(colour), digest.total(colour, before=True)
        if n or before or colour == "red":
            told = say(plural(n, *words.COUNTS[colour]), {"n": n}, near=date.min)
            parts.append(Text(told.en + _in_brackets(n - before, "en"), told.fr + _in_brackets(n - before, "fr")))
    values = {"whose": _whose(digest), "window": digest.window.name}
    while True:
        counts = Text(", ".join(part.en for part in parts), ", ".join(part.fr for part in parts))
        subject = say(words.SUBJECT, {**values, "counts": counts}, near=digest.window.until)
        if len(parts) == 1 or max(len(subject.en), len(subject.fr)) <= LONGEST:
            return Text(neutral(subject.en), neutral(subject.fr))
        parts.pop()


def digest_content(digest: Digest, to: Addresses, language: Language, *, mailed: bool = False) -> Content:
    """What the letter says: the counts, then of each team what turned, lasts, mended or lacks data.

    ``mailed`` adds why somebody gets it.
    """
    several = len(digest.teams) > 1
    sections = [Section((_by_team(digest, to, language) if several else _by_colour(digest, language),))]
    for team in digest.teams:
        sections += _of_team(team, digest, to, language, alone=not several)
    near = digest.window.until
    footer = say(words.WINDOW, {"span": digest.window.span, "before": digest.window.before}, near=date.min)
    return Content(
        language=language,
        title=digest_subject(digest)[language],
        sections=tuple(sections),
        action=Link(words.OPEN[language], to.fleet(team=digest.chosen or "")),
        footer=(
            Paragraph(footer[language], quiet=True),
            *((Paragraph(say(words.WHY, {}, near=near)[language], quiet=True),) if mailed else ()),
        ),
    )


def _whose(digest: Digest) -> Text:
    if digest.chosen is None:
        return words.ALL
    return say(words.TEAM, {"team": digest.chosen}, near=date.min)


def _called(team: Team) -> Text:
    return say(words.TEAM, {"team": team.name}, near=date.min) if team.name else words.NO_TEAM


def _by_colour(digest: Digest, language: Language) -> Table:
    rows = []
    for colour in COUNTED:
        now, before = digest.total(colour), digest.total(colour, before=True)
        rows.append((State(colour), counted(now, language), counted(before, language), _signed(now - before, language)))
    heads = tuple(words.HEADS[key][language] for key in ("state", "now", "before", "change"))
    return Table(heads, tuple(rows), frozenset({1, 2, 3}))


def _by_team(digest: Digest, to: Addresses, language: Language) -> Table:
    heads = tuple(words.HEADS[key][language] for key in ("team", *COUNTED))
    rows = [
        (
            Link(named(team.name), to.fleet(team=team.name)) if team.name else words.NO_TEAM[language],
            *(
                f"{counted(team.now[colour], language)}{_in_brackets(team.change(colour), language)}"
                for colour in COUNTED
            ),
        )
        for team in digest.teams
    ]
    return Table(heads, tuple(rows), frozenset({1, 2, 3, 4}))


def _of_team(team: Team, digest: Digest, to: Addresses, language: Language, *, alone: bool) -> list[Section]:
    """A section for each list that has something; of one team alone, too, that all is calm."""
    near = digest.window.until
    lists: dict[str, list[Item]] = {
        "new_reds": [_red(one, to, language, near) for one in team.new_reds],
        "lasting_reds": [_red(one, to, language, near) for one in team.lasting_reds],
        "recoveries": [_recovery(one, to, language, near) for one in team.recoveries],
        "without": [_without(one, to, language, near) for one in team.without],
        "incidents": [_incident(one, digest, to, language) for one in team.incidents],
        "retrainings": [_retraining(entry, event, to, language, near) for entry, event in team.retrainings],
    }
    sections = []
    for key, items in lists.items():
        if not items:
            continue
        title = words.TITLES[key]
        if not alone:
            small = Text(title.en[:1].lower() + title.en[1:], title.fr[:1].lower() + title.fr[1:])
            title = say(words.OF_TEAM, {"team": _called(team), "title": small}, near=near)
        blocks: list[Block] = [Items(tuple(items[:MOST]), dense=len(items) > 3)]
        if len(items) > MOST:
            more = say(plural(len(items) - MOST, *words.MORE), {"n": len(items) - MOST}, near=near)
            blocks.append(Paragraph(more[language], (Link(words.OPEN[language], to.fleet(team=team.name)),)))
        sections.append(Section(tuple(blocks), title[language]))
    closing = [Paragraph(_sent(team, near)[language], quiet=True)] if alone or team.letters else []
    if alone and not any(lists[key] for key in ("new_reds", "lasting_reds", "without")):
        closing.insert(0, Paragraph(say(words.CALM, {}, near=near)[language]))
    if closing and not sections:
        return [Section(tuple(closing), "" if alone else _called(team)[language])]
    if closing:
        last = sections[-1]
        sections[-1] = Section((*last.blocks, *closing), last.title)
    return sections


def _red(one: Standing, to: Addresses, language: Language, near: date) -> Item:
    since = one.since or near
    days = Text(lasting(since, near, "en"), lasting(since, near, "fr"))
    told = say(words.RED, {"since": since, "days": days, "owner": _owner(one.entry)}, near=near)
    return Item(
        words=one.headline[language] if one.headline else "",
        state="red",
        name=_link(one.entry, to),
        details=(told[language],),
    )


def _recovery(one: Recovery, to: Addresses, language: Language, near: date) -> Item:
    told = say(words.RECOVERED[one.was], {"since": one.since}, near=near)
    return Item(words=told[language], state="green", name=_link(one.entry, to))


def _without(one: Standing, to: Addresses, language: Language, near: date) -> Item:
    template = words.NEVER if one.last is None else words.LATE if one.state == "late" else words.GREY
    told = say(template, {"last": one.last, "since": one.since, "owner": _owner(one.entry)}, near=near)
    return Item(words=told[language], state=one.state, name=_link(one.entry, to))


def _incident(one: Incident, digest: Digest, to: Addresses, language: Language) -> Item:
    name = Link(words.CAUSE[language], to.incidents(one.id))
    return Item(words=sentence(one, digest.names)[language], state=one.colour, name=name)


def _retraining(entry: Entry, event: Event, to: Addresses, language: Language, near: date) -> Item:
    told = say(words.RETRAINED[event.kind], {"day": event.day, "version": event.model_version or ""}, near=near)
    reasons = [reason[language] for reason in reasons_of(event)]
    return Item(words=told[language], name=_link(entry, to), details=tuple(reasons[:1]))


def _sent(team: Team, near: date) -> Text:
    if not team.letters:
        return say(words.NOTHING_SENT, {}, near=near)
    people = say(plural(team.people, *words.PEOPLE), {"n": team.people}, near=near)
    one, several = words.SENT
    template = one if team.letters == 1 else several
    return say(template, {"n": team.letters, "people": people, "whose": words.THESE}, near=near)


def _owner(entry: Entry) -> Text:
    return say(words.OWNER if entry.owner else words.NO_OWNER, {"owner": entry.owner}, near=date.min)


def _link(entry: Entry, to: Addresses) -> Link:
    return Link(named(entry.name), to.model(entry.model_id))


def _signed(change: int, language: Language) -> str:
    """``+1``, ``−2``, nothing where nothing changed."""
    return f"{'+' if change > 0 else ''}{counted(change, language)}" if change else ""


def _in_brackets(change: int, language: Language) -> str:
    """`` (+1)``, nothing where nothing changed."""
    return f" ({_signed(change, language)})" if change else ""


def _payload(
    digest: Digest,
    language: Language,
    letter_id: str,
    address: str,
    now: datetime,
    title: str,
    text: str,
    action: Link | None,
) -> dict[str, Any]:
    """The JSON of a digest: as that of a message without changes, and its teams."""

    def ids(standings: Iterable[Standing | Recovery]) -> list[str]:
        return [one.entry.model_id for one in standings]

    return {
        "version": VERSION,
        "id": letter_id,
        "kind": "digest",
        "language": language,
        "written_at": now.isoformat(timespec="seconds"),
        "to": address,
        "subject": title,
        "text": text,
        "url": action.href if action else "",
        "changes": [],
        "incidents": [],
        "digest": {
            "team": digest.chosen,
            "since": digest.window.since.isoformat(),
            "until": digest.window.until.isoformat(),
            "teams": [
                {
                    "team": neutral(team.name),
                    "models": team.models,
                    "now": dict(team.now),
                    "before": dict(team.before),
                    "new_reds": ids(team.new_reds),
                    "lasting_reds": ids(team.lasting_reds),
                    "recoveries": ids(team.recoveries),
                    "without_data": ids(team.without),
                    "incidents": [one.id for one in team.incidents],
                    "messages": team.letters,
                }
                for team in digest.teams
            ],
        },
    }
