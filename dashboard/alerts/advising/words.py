"""The words of an advice: which rows to hold back, whether that helps, and what mends it, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from dashboard.format import name as named
from dashboard.format import quoted
from dashboard.format import share as shown
from dashboard.judging.enumeration import enumerated
from dashboard.plural import rows_word
from dashboard.say import say
from dashboard.text import LANGUAGES, Text

MOST_SHARE: Final = 0.2
"""Of more rows than this share, holding back is no cure: a batch without them is another population."""


def without(variable: str, *, near: date) -> Text:
    """``rows without tenure_months``."""
    return say(_WITHOUT, {"variable": variable}, near=near)


def outside(variable: str, low: float | None, high: float | None, *, near: date) -> Text:
    """``rows with data_gb outside 0 to 120``."""
    return say(_OUTSIDE, {"variable": variable, "low": low, "high": high}, near=near)


def new_levels(variable: str, levels: Sequence[str], *, all_named: bool, near: date) -> Text:
    """``rows with a new level of device_brand ("Nothing")``; ``all_named`` says whether there are no others."""
    if not levels:
        return say(_NAMELESS, {"variable": variable}, near=near)
    shown = [Text(quoted(level, "en"), quoted(level, "fr")) for level in levels]
    return say(_NEW, {"variable": variable, "levels": enumerated(shown, at_least=not all_named)}, near=near)


def band_aid(told: Sequence[Text], rows: int, share: float | None, whole: Sequence[str], *, near: date) -> Text:
    """What to hold back now, and whether that helps; ``whole`` are variables that are wrong in every row."""
    sentences = []
    if whole:
        names = enumerated([Text(named(one), named(one)) for one in dict.fromkeys(whole)])
        sentences.append(say(_WHOLE, {"variables": names}, near=near))
    if told:
        values = {"what": enumerated(told, len(told)), "rows": rows, "of": rows_word(rows), "share": share}
        values["extent"] = say(_ROWS if share is None else _MOST if len(told) > 1 else _EXTENT, values, near=near)
        sentences.append(say(_HOLD if share is None or share <= MOST_SHARE else _TOO_MANY, values, near=near))
    return _joined(sentences)


def band_aid_of_several(what: Text, shares: Sequence[float], *, near: date) -> Text:
    """The same of several models with the same rows to hold back; ``shares`` (0..1) of their batches."""
    least, most = (Text(*(shown(end, language) for language in LANGUAGES)) for end in (min(shares), max(shares)))
    extent = most if least == most else say(_FROM_TO, {"least": least, "most": most}, near=near)
    template = _HOLD_SEVERAL if max(shares) <= MOST_SHARE else _TOO_MANY_SEVERAL
    return say(template, {"what": what, "extent": extent}, near=near)


def cure(rules: Collection[str], *, near: date) -> Text:
    """What mends it, by the rules that found it, and how the rows held back are released."""
    sentences = [say(text, {}, near=near) for rule, text in _CURES.items() if rule in rules]
    if {"absent", "type_changed", "missing"} & set(rules):
        sentences.append(say(_MEND, {}, near=near))
    if {"unseen", "out_of_range"} & set(rules):
        sentences.append(say(_RELEASE, {}, near=near))
    return _joined(sentences)


def _joined(sentences: Sequence[Text]) -> Text:
    return Text(" ".join(one.en for one in sentences), " ".join(one.fr for one in sentences))


_WITHOUT: Final = Text("rows without {variable:name}", "les lignes sans {variable:name}")
_OUTSIDE: Final = Text(
    "rows with {variable:name} outside {low:edge} to {high:edge}",
    "les lignes où {variable:name} est hors de la plage de {low:edge} à {high:edge}",
)
_NEW: Final = Text(
    "rows with a new level of {variable:name} ({levels})",
    "les lignes avec une nouvelle modalité de {variable:name} ({levels})",
)
_NAMELESS: Final = Text(
    "rows with a level of {variable:name} that training did not have",
    "les lignes avec une modalité de {variable:name} absente de l'apprentissage",
)
_EXTENT: Final = Text("{rows:count} {of} ({share:share})", "{rows:count} {of} ({share:share})")
_MOST: Final = Text("at most {rows:count} {of} ({share:share})", "au plus {rows:count} {of} ({share:share})")
_ROWS: Final = Text("{rows:count} {of}", "{rows:count} {of}")
_HOLD: Final = Text(
    "For now, hold back {what}: {extent} of this batch. The others can be scored.",
    "Dans l'immédiat, écarter {what} : {extent} de ce lot. Les autres peuvent être notées.",
)
_TOO_MANY: Final = Text(
    "Holding back {what} is no cure: {extent} of this batch would wait. The filter only lets the others be scored.",
    "Écarter {what} n'est pas un remède : {extent} de ce lot resteraient en attente. Le filtre permet seulement de "
    "noter les autres.",
)
_HOLD_SEVERAL: Final = Text(
    "For now, hold back {what}: {extent} of each batch. The others can be scored.",
    "Dans l'immédiat, écarter {what} : {extent} de chaque lot. Les autres peuvent être notées.",
)
_TOO_MANY_SEVERAL: Final = Text(
    "Holding back {what} is no cure: {extent} of each batch would wait. The filter only lets the others be scored.",
    "Écarter {what} n'est pas un remède : {extent} de chaque lot resteraient en attente. Le filtre permet seulement de "
    "noter les autres.",
)
_FROM_TO: Final = Text("{least} to {most}", "{least} à {most}")
_WHOLE: Final = Text(
    "Nothing can be held back by row for {variables}, wrong in all of them: if a decision rests on the scores, hold "
    "the whole batch back.",
    "Rien à écarter ligne par ligne pour {variables}, en défaut partout : si une décision repose sur les scores, "
    "retenir le lot entier.",
)
_CURES: Final = {
    "unseen": Text(
        "Old levels in a new spelling are mapped upstream.",
        "D'anciennes modalités écrites autrement se recodent en amont.",
    ),
    "out_of_range": Text(
        "A changed unit, or a code for no value, is mended upstream.",
        "Une unité changée, ou un code d'absence de valeur, se répare en amont.",
    ),
}
_MEND: Final = Text(
    "Mend the source, then deliver the batch again: it replaces this one.",
    "Réparer la source, puis livrer le lot à nouveau : il remplace celui-ci.",
)
_RELEASE: Final = Text(
    "What is really new: retrain with the rows held back once their truth is known. The new version knows them, its "
    "guard lets them pass, and they are scored with it.",
    "Ce qui est vraiment nouveau : réentraîner avec les lignes écartées une fois leur vérité connue. La nouvelle "
    "version les connaît, son filtre les laisse passer, et elle les note.",
)
