"""What a message says of broken data until its source is mended: what to hold back, with the filter, and the cure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.change import Change
from dashboard.alerts.writing.content import Block, Code, Paragraph, Section
from dashboard.say import say
from dashboard.text import Language, Text

_TITLE: Final = Text("Until it is mended", "En attendant la réparation")
_OF_MODEL: Final = Text("For {model:name}: {text}", "Pour {model:name} : {text}")
_GUARD: Final = Text(
    "The same for a scoring job, as qod.guard takes it:",
    "La même chose pour un traitement, telle que la prend qod.guard\u00a0:",
)
_MOST: Final = 3
_LONGEST: Final = 6000
"""Characters of a filter or of its JSON that a mail carries; the payload has them whole."""


def advice_section(changes: Iterable[Change], advice: Mapping[str, Advice], language: Language) -> Section | None:
    """The advice on the models of ``changes``, the same once; None where there is none."""
    given: dict[tuple[str, str, str], tuple[Change, Advice]] = {}
    for change in changes:
        own = advice.get(change.model.model_id)
        if own is not None:
            given.setdefault((own.band_aid.en, own.cure.en, own.sql), (change, own))
    if not given:
        return None
    blocks: list[Block] = []
    for change, own in list(given.values())[:_MOST]:
        values = {"model": change.model.name, "text": own.band_aid}
        text = say(_OF_MODEL, values, near=date.min) if len(given) > 1 else own.band_aid
        blocks.append(Paragraph(text[language]))
        if own.sql and len(own.sql) <= _LONGEST:
            blocks.append(Code(own.sql))
        guard = json.dumps(own.guard, sort_keys=True) if own.guard else ""
        if guard and len(guard) <= _LONGEST:
            blocks += [Paragraph(_GUARD[language], quiet=True), Code(guard)]
        blocks.append(Paragraph(own.cure[language]))
    return Section(tuple(blocks), _TITLE[language])
