"""What a message says of retraining: whether it was asked for, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from dashboard.alerts.change import Change
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.content import Block, Item, Items, Link, Paragraph, Section
from dashboard.format import name as named
from dashboard.judging.enumeration import enumerated
from dashboard.retrain import targets
from dashboard.say import say
from dashboard.text import Language, Text

_TITLE: Final = Text("Retraining", "Réentraînement")
_WORDS: Final = {
    "asked": Text("It was asked for ({target}).", "Il a été demandé ({target})."),
    "refused": Text("It was not asked for:", "Il n'a pas été demandé :"),
    "awaiting": Text("It waits for somebody's approval.", "Il attend une approbation."),
    "failed": Text("Asking for it did not succeed ({target}):", "Sa demande n'a pas abouti ({target}) :"),
}
_APPROVE: Final = Text("Approve or decline it", "L'approuver ou le refuser")
_OF: Final = Text("{models}: {text}", "{models} : {text}")
_GROUPS: Final = 6
_REASONS: Final = 6


def retraining_section(changes: Iterable[Change], to: Addresses, language: Language) -> Section | None:
    """One section on what was decided, models of which the same was decided together; None where nothing was."""
    decided: dict[tuple[object, ...], list[Change]] = {}
    all_of = list(changes)
    for change in all_of:
        if change.retraining is not None:
            one = change.retraining
            decided.setdefault((one.outcome, one.target, one.reasons), []).append(change)
    if not decided:
        return None
    blocks: list[Block] = []
    for group in list(decided.values())[:_GROUPS]:
        blocks += _decision(group, to, language, named_too=len(all_of) > 1)
    return Section(tuple(blocks), _TITLE[language])


def _decision(group: list[Change], to: Addresses, language: Language, *, named_too: bool) -> list[Block]:
    decision = group[0].retraining
    if decision is None:
        return []
    known = targets.load().get(decision.target)
    target = known.name if known else Text(named(decision.target), named(decision.target))
    text = say(_WORDS[decision.outcome], {"target": target}, near=date.min)
    if named_too:
        names = [named(change.model.name) for change in group]
        models = enumerated([Text(name, name) for name in names])
        text = say(_OF, {"models": models, "text": Text(_small(text.en), _small(text.fr))}, near=date.min)
    links: tuple[Link, ...] = ()
    if decision.outcome == "awaiting":
        links = tuple(Link(_APPROVE[language], to.model(change.model.model_id)) for change in group[:1])
    reasons = tuple(Item(reason[language]) for reason in decision.reasons[:_REASONS])
    return [Paragraph(text[language], links), *([Items(reasons, dense=True)] if reasons else [])]


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
