"""What a message about one model says: its colour, since when, what was found with its numbers, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from dashboard import rules
from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.change import Change
from dashboard.alerts.message import Message
from dashboard.alerts.record import event_ids, spot
from dashboard.alerts.writing import subject
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.advice_said import advice_section
from dashboard.alerts.writing.closing import care_section, model_links
from dashboard.alerts.writing.concerned import also_concerned
from dashboard.alerts.writing.content import Block, Content, Item, Items, Link, Paragraph, Section
from dashboard.alerts.writing.course import Reading
from dashboard.alerts.writing.lights import light
from dashboard.alerts.writing.numbers import numbers
from dashboard.alerts.writing.past import past
from dashboard.alerts.writing.picture import picture
from dashboard.alerts.writing.retraining_said import retraining_section
from dashboard.alerts.writing.said import headline, said
from dashboard.finding import Finding
from dashboard.format import duration, lasting
from dashboard.format import name as named
from dashboard.incidents import sentence
from dashboard.links import WHOLE
from dashboard.plural import plural
from dashboard.say import say
from dashboard.text import Language, Text
from dashboard.world import World

MOST: Final = 3
"""Findings that a message tells with their numbers."""

_FOUND: Final = Text("What was found", "Ce qui a été constaté")
_WAS: Final = Text("What it was", "Ce que c’était")
_SEE: Final = Text("See this finding", "Voir ce constat")
_SEE_WHY: Final = Text("See why", "Voir pourquoi")
_SEE_MODEL: Final = Text("See the model", "Voir le modèle")
_MORE: Final = Text(
    "And {more:count} more {word} on the model's page.", "Et {more:count} {word} sur la page du modèle."
)
_FINDING: Final = (Text("finding", "autre constat"), Text("findings", "autres constats"))
_SINCE: Final = Text("{state} since {since:date} ({lasting}).", "{state} depuis le {since:date} ({lasting}).")
_TURNED: Final = Text(
    "{state} since {since:date} ({lasting}), {before} until now.",
    "{state} depuis le {since:date} ({lasting}), {before} jusqu'ici.",
)
_FROM: Final = Text("It lasted {days}, from {first:date} on.", "Cela a duré {days}, à partir du {first:date}.")
_PASSED: Final = Text("The batch of {day:date} was {colour}.", "Le lot du {day:date} était {colour}.")
_LAST: Final = Text(
    "No message told of it while it lasted; the batches since are green.",
    "Aucun message n'en a parlé tant que cela durait ; les lots suivants sont verts.",
)
_REMINDER: Final = Text(
    "Nothing new: this comes again every {days:count} days, until it ends or somebody takes care of it.",
    "Rien de nouveau : ce rappel revient tous les {days:count} jours, jusqu'à ce que cela cesse ou que quelqu'un s'en "
    "occupe.",
)
_AGAIN: Final = Text(
    "You hear of it again because its cause is another one, or because a snooze has ended.",
    "Vous en entendez reparler parce que la cause est nouvelle, ou parce qu'une mise en pause a pris fin.",
)
_NOW: Final = Text("Now: {headline}", "À présent : {headline}")


def one_model(
    message: Message,
    world: World,
    to: Addresses,
    reading: Reading | None,
    advice: Mapping[str, Advice],
) -> Content:
    """The content, without its footer."""
    group = message.groups[0]
    change, incident = group.changes[0], group.incident
    language, model = message.language, change.model
    well = change.now == "green"
    told = headline(change)
    if incident is not None:
        told = sentence(incident, {one.model_id: one.name for one in world.models.values()})
    title = told[language] if told and not well else subject.one_model(change, world)[language]
    sections: list[Section | None] = []
    if well:
        sections.append(_over(change, world, language))
    else:
        sections += _found(message, change, world, to, reading, title=title)
        also = also_concerned(incident, message, world.models) if incident else None
        if also is not None:
            sections.append(Section((Paragraph(also[language], quiet=True),)))
        sections.append(advice_section([change], advice, language))
    sections.append(retraining_section([change], to, language))
    links = model_links(model, to, language)
    if not well:
        care = care_section(to, language, trouble=incident.id if incident else f"model:{model.model_id}")
        sections.append(Section((*care.blocks, *([links] if links else [])), care.title))
    elif links is not None:
        sections.append(Section((links,)))
    first = change.findings[0] if change.findings else None
    href = to.finding(first, event_ids(message).get(spot(first))) if first else to.model(model.model_id)
    return Content(
        language,
        title,
        tuple(section for section in sections if section is not None),
        preheader=_preheader(change, world, language),
        state=change.now,
        about=f"{named(model.name)} \u00b7 {named(model.team)}" if model.team else named(model.name),
        action=Link((_SEE_WHY if first else _SEE_MODEL)[language], href),
    )


def items(findings: tuple[Finding, ...], message: Message, to: Addresses, *, title: str = "") -> Items:
    """Each finding with its sentence (unless ``title`` says it), its numbers, its thresholds and its link."""
    language, ids = message.language, event_ids(message)
    made = []
    for finding in findings:
        known = rules.load().get(finding.rule)
        name = known.name[language] if known else named(finding.rule)
        if finding.subject not in WHOLE:
            name = f"{named(finding.subject)} \u00b7 {name}"
        words = said(finding)[language]
        made.append(
            Item(
                "" if title.startswith(words) else words,
                state="late" if finding.family == "freshness" else finding.colour,
                name=name,
                details=tuple(line[language] for line in numbers(finding)),
                link=Link(_SEE[language], to.finding(finding, ids.get(spot(finding)))),
            )
        )
    return Items(tuple(made))


def since(change: Change, today: date) -> Text | None:
    """``Red since 19 November (3 days), amber until now.``; None where it is not known since when."""
    first = change.model.since
    if first is None:
        return None
    values = {
        "state": light(change.now).word,
        "since": first,
        "lasting": Text(lasting(first, today, "en"), lasting(first, today, "fr")),
        "before": subject.IN_SENTENCE[change.before],
    }
    turned = change.kind in ("worse", "better")
    return say(_TURNED if turned else _SINCE, values, near=today)


def _found(
    message: Message, change: Change, world: World, to: Addresses, reading: Reading | None, *, title: str
) -> list[Section | None]:
    language = message.language
    lead = since(change, world.today)
    blocks: list[Block] = [Paragraph(lead[language])] if lead else []
    if change.kind == "reminder":
        days = {"days": change.model.policy.reminder_days}
        blocks.append(Paragraph(say(_REMINDER, days, near=world.today)[language], quiet=True))
    if change.kind == "again":
        blocks.append(Paragraph(say(_AGAIN, {}, near=world.today)[language], quiet=True))
    drawn = picture(reading, change.findings[0], language) if change.findings else None
    first = Section((*blocks, *([drawn] if drawn else [])))
    if not change.findings:
        return [first]
    shown: list[Block] = [items(change.findings[:MOST], message, to, title=title)]
    more = len(change.findings) - MOST
    if more > 0:
        words = say(_MORE, {"more": more, "word": plural(more, *_FINDING)}, near=world.today)[language]
        shown.append(Paragraph(words, (Link(_SEE_MODEL[language], to.model(change.model.model_id)),)))
    return [first, Section(tuple(shown), _FOUND[language])]


def _over(change: Change, world: World, language: Language) -> Section:
    """How long it lasted, what it was, and how the model is now."""
    today, was = world.today, past(change, world)
    blocks: list[Block] = []
    if was.first and was.days and not change.passed:
        values = {"first": was.first, "days": Text(duration(was.days, "en"), duration(was.days, "fr"))}
        blocks.append(Paragraph(say(_FROM, values, near=today)[language]))
    for day, colour in change.passed[:MOST]:
        values = {"day": day, "colour": _PLAIN[colour]}
        blocks.append(Paragraph(say(_PASSED, values, near=today)[language]))
    if change.passed:
        blocks.append(Paragraph(say(_LAST, {}, near=today)[language], quiet=True))
    told = () if change.passed else was.said
    blocks += [Items(tuple(Item(text[language]) for text in told))] if told else []
    if change.model.headline is not None:
        blocks.append(Paragraph(say(_NOW, {"headline": change.model.headline}, near=today)[language]))
    return Section(tuple(blocks), _WAS[language] if told or change.passed else "")


_PLAIN: Final = {
    "red": Text("red", "rouge"),
    "amber": Text("amber", "orange"),
    "late": Text("late", "en retard"),
    "green": Text("green", "vert"),
    "grey": Text("grey", "gris"),
}


def _preheader(change: Change, world: World, language: Language) -> str:
    """Beside the subject in a list of mails: what the subject has no room for."""
    if change.now == "green":
        return change.model.headline[language] if change.model.headline else ""
    lines = [line[language] for finding in change.findings[:1] for line in numbers(finding)]
    lead = since(change, world.today)
    return " ".join([*([lead[language]] if lead else []), *lines])
