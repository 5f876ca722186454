"""The guard on labelled rows: without new truth a new version learns what the old one knew."""

from __future__ import annotations

from typing import Final

from dashboard.plural import rows_word
from dashboard.retrain.case import Case
from dashboard.retrain.guard import Guard
from dashboard.say import say
from dashboard.text import Text

KEY: Final = "rows"

_REFUSED = Text(
    "{n:count} {rows} of days after the version's training have a known truth: {most:count} are needed.",
    "Depuis l'entraînement de la version, {n:count} {rows} de vérité connue : il en faut {most:count}.",
)
_UNKNOWN: Final = Text(
    "It is not known how many rows with a known truth there are since the version\u2019s training.",
    "On ignore combien de lignes de vérité connue il y a depuis l\u2019entraînement de la version.",
)
_NO_DAY: Final = Text(
    "It is not known when this version was trained, so nobody can say which rows are new to it: deliver its reference "
    "with trained_at.",
    "On ignore quand cette version a été entraînée, donc quelles lignes lui sont nouvelles\u00a0: livrez sa référence "
    "avec trained_at.",
)
_NOW = Text(
    "rows with known truth since training: {n}, {most:count} needed; trained: {day}",
    "lignes de vérité connue depuis l'entraînement : {n}, il en faut {most:count} ; entraînement : {day}",
)
_NOT_KNOWN: Final = Text("not known", "inconnu")


def _refuse(case: Case) -> Text | None:
    rows, most = case.numbers.rows, case.policy.retrain_rows
    if most == 0:
        return None
    if case.numbers.trained is None:
        return _NO_DAY
    if rows is None or rows != rows:
        return _UNKNOWN
    if rows >= most:
        return None
    return say(_REFUSED, {"n": rows, "rows": rows_word(rows), "most": most}, near=case.today)


def _now(case: Case) -> Text:
    rows, trained = case.numbers.rows, case.numbers.trained
    one, day = Text("{n:count}", "{n:count}"), Text("{day:date}", "{day:date}")
    values = {
        "n": _NOT_KNOWN if rows is None else say(one, {"n": rows}, near=case.today),
        "most": case.policy.retrain_rows,
        "day": _NOT_KNOWN if trained is None else say(day, {"day": trained}, near=case.today),
    }
    return say(_NOW, values, near=case.today)


GUARD: Final = Guard(
    key=KEY,
    place=5,
    name=Text("Labelled rows", "Lignes étiquetées"),
    question=Text(
        "Do at least retrain.rows scored rows of days after the version\u2019s training have a known truth? With 0 "
        "it asks nothing.",
        "Au moins retrain.rows lignes notées après l\u2019entraînement de la version ont-elles une vérité "
        "connue\u00a0? Avec 0, rien n\u2019est exigé.",
    ),
    needs=Text("the version\u2019s day of training, predictions and outcomes since",
               "date d\u2019entraînement de la version, prédictions et résultats depuis"),
    refuse=_refuse,
    now=_now,
)  # fmt: skip
