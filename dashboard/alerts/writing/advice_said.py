"""What a message says of broken data until its source is mended: what to hold back, with the filter, and the cure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from dashboard.alerts.advising import words
from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.change import Change
from dashboard.alerts.writing.content import Block, Code, Paragraph, Section
from dashboard.format import name as named
from dashboard.judging.enumeration import enumerated
from dashboard.say import say
from dashboard.text import Language, Text
from qod.guard_sql import kept

_TITLE: Final = Text("Until it is mended", "En attendant la réparation")
_OF_MODELS: Final = Text("For {models}: {text}", "Pour {models} : {text}")
_FILTER: Final = Text(
    "The rows that are kept, in BigQuery's SQL; without NOT, those held back:",
    "Les lignes gardées, en SQL de BigQuery ; sans NOT, celles qui sont écartées :",
)
_GUARD: Final = Text(
    "The same for a scoring job, as JSON for qod.guard:",
    "Le même filtre en JSON, pour le traitement qui note les lignes (qod.guard) :",
)
_COMMAND: Final = Text(
    "The same for a scoring job, as JSON for qod.guard: run this for each model.",
    "Le même filtre en JSON, pour le traitement qui note les lignes (qod.guard) : à lancer pour chaque modèle.",
)
_MOST: Final = 3
_LONGEST: Final = 6000
"""Characters of a filter or of its JSON that a mail carries; the payload has them whole."""

_Advised = tuple[Change, Advice]


def advice_section(changes: Iterable[Change], advice: Mapping[str, Advice], language: Language) -> Section | None:
    """The advice on the models of ``changes``, once for those with the same; None where there is none."""
    given: dict[tuple[object, ...], list[_Advised]] = {}
    told = list(changes)
    for change in told:
        own = advice.get(change.model.model_id)
        if own is not None:
            same = own.what.en if own.what and own.share is not None else own.band_aid.en
            given.setdefault((same, own.cure.en, own.sql, own.too_many), []).append((change, own))
    if not given:
        return None
    blocks: list[Block] = []
    for group in list(given.values())[:_MOST]:
        blocks += _of_group(group, language, named_too=len(group) < len(told))
    return Section(tuple(blocks), _TITLE[language])


def _of_group(group: list[_Advised], language: Language, *, named_too: bool) -> list[Block]:
    """The band-aid, its filter and the cure; the cure first where a band-aid is none."""
    own = group[0][1]
    first, second = (own.cure, _band_aid(group)) if own.too_many else (_band_aid(group), own.cure)
    if named_too:
        names = dict.fromkeys(named(change.model.name) for change, _ in group)
        models = enumerated([Text(name, name) for name in names])
        first = say(_OF_MODELS, {"models": models, "text": Text(_small(first.en), _small(first.fr))}, near=date.min)
    filter_of: list[Block] = [Code(kept(own.sql))] if own.sql and len(own.sql) <= _LONGEST else []
    if own.too_many:
        return [Paragraph(first[language]), Paragraph(second[language]), *filter_of]
    said = [_quiet(_FILTER, language), *filter_of] if filter_of else []
    return [Paragraph(first[language]), *said, *_json(group, language), Paragraph(second[language])]


def _band_aid(group: list[_Advised]) -> Text:
    """The one model's; of several, what they have in common."""
    own = group[0][1]
    shares = [one.share for _, one in group if one.share is not None]
    if len(group) == 1 or own.what is None or not shares:
        return own.band_aid
    return words.band_aid_of_several(own.what, shares, near=date.min)


def _json(group: list[_Advised], language: Language) -> list[Block]:
    """The guard as JSON; it is of one model, so that of several it is said how to get it."""
    own = group[0][1]
    if not own.guard:
        return []
    if len(group) > 1:
        return [_quiet(_COMMAND, language), Code("vigie guard MODEL --json > guard.json")]
    text = json.dumps(own.guard, sort_keys=True)
    return [_quiet(_GUARD, language), Code(text)] if len(text) <= _LONGEST else []


def _quiet(text: Text, language: Language) -> Paragraph:
    return Paragraph(say(text, {}, near=date.min)[language], quiet=True)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
