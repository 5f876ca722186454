"""In one sentence, how a version differs from another: training rows, variables, performance at training."""

from __future__ import annotations

from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.derived_variables import DERIVED
from dashboard.plural import plural
from dashboard.text import Text
from dashboard.web.components.measure_words import writer
from dashboard.web.page import Request
from dashboard.web.views.performance import MAIN, baseline
from dashboard.web.views.references import Difference
from dashboard.web.views.sides import Pair

AND: Final = Text("; ", "\u202f; ")
"""Between the parts of a sentence."""

_ROWS: Final = Text("{name} was trained on {rows}", "{name} a été entraînée sur {rows}")
_MORE: Final = Text("{share} more rows than {other}", "{share} de lignes de plus que {other}")
_FEWER: Final = Text("{share} fewer rows than {other}", "{share} de lignes de moins que {other}")
_TIMES: Final = Text("{times} times the rows of {other}", "{times} fois plus de lignes que {other}")
_AS_MANY: Final = Text("as many rows as {other}", "autant de lignes que {other}")
_SAME_VARIABLES: Final = Text("the same {n} variables", "mêmes {n} variables")
_CAME: Final = (
    Text("one variable came", "une variable ajoutée"), Text("{n} variables came", "{n} variables ajoutées"),
)  # fmt: skip
_WENT: Final = (
    Text("one variable went", "une variable retirée"), Text("{n} variables went", "{n} variables retirées"),
)  # fmt: skip
_TYPE: Final = (
    Text("one changed its type", "une de type différent"), Text("{n} changed their type", "{n} de type différent"),
)  # fmt: skip
_AT_TRAINING: Final = Text(
    "{metric} at training {left} against {right}", "{metric} à l\u2019apprentissage {left} contre {right}"
)
_MOST: Final = Text(
    "its training data differ most in {variable}", "ses données d\u2019apprentissage diffèrent surtout par {variable}"
)
_NOTABLE: Final = 0.1
"""From here on a difference of the training data is worth a word: a visible move for a PSI, a tenth of the rows."""


def pair_sentence(request: Request, pair: Pair, found: list[Difference]) -> str:
    """How the left version differs from the right one; ``found`` are their ``differences``."""
    parts = [_rows(request, pair), *_variables(request, found)]
    outputs = {pair.left.row["score_variable"], *(one.key for one in DERIVED)}
    inputs = [one for one in found if one.change in ("levels", "") and one.variable not in outputs]
    moved = max(inputs, key=lambda one: one.size, default=None)
    if moved is not None and moved.size >= _NOTABLE:
        parts.append(request.t(_MOST).format(variable=form.name(moved.variable)))
    parts += _measure(request, pair)
    return f"{AND[request.language].join(parts)}."


def _rows(request: Request, pair: Pair) -> str:
    language = request.language
    name, other = pair.names()
    left, right = (side.row["rows"] for side in pair.sides)
    ratio = left / right if right else 1.0
    if abs(ratio - 1) < 0.005:
        words, share = _AS_MANY, ""
    elif ratio >= 2:
        words, share = _TIMES, ""
    else:
        words, share = (_MORE if ratio > 1 else _FEWER), form.share(abs(ratio - 1), language)
    rows = request.t(words).format(share=share, other=other, times=form.edge(ratio, language))
    return request.t(_ROWS).format(name=name, rows=rows)


def _variables(request: Request, found: list[Difference]) -> list[str]:
    counts = [sum(one.change == change for one in found) for change in ("came", "went", "type")]
    if not any(counts):
        return [request.t(_SAME_VARIABLES).format(n=form.count(len(found), request.language))] if found else []
    return [
        request.t(plural(count, *words)).format(n=form.count(count, request.language))
        for count, words in zip(counts, (_CAME, _WENT, _TYPE), strict=True)
        if count
    ]


def _measure(request: Request, pair: Pair) -> list[str]:
    if pair.task is None:
        return []
    key = MAIN.get(pair.task, "auc")
    left, right = (baseline(side.row["baselines"], key) for side in pair.sides)
    if left is None or right is None:
        return []
    write, language = writer(pair.task), request.language
    words = request.t(_AT_TRAINING).format(
        metric=_within(metrics.load()[key].name[language]),
        left=write(left.value, language),
        right=write(right.value, language),
    )
    return [words]


def _within(name: str) -> str:
    """A measure's name inside a sentence: ``accuracy``, but ``AUC``."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
