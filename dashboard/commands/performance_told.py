"""What `vigie performance` says of cohorts: for programs as plain values, for people as lines and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from dashboard import format as form
from dashboard import metrics
from dashboard.commands.terminal import colour_word, empty_table, plain_table
from dashboard.history import ModelEntry
from dashboard.metric import Estimate
from dashboard.performance import backtest
from dashboard.performance.cohort_views import CohortView, back_tests, main_measure
from dashboard.say import say
from dashboard.text import Language, Text

if TYPE_CHECKING:
    from rich.table import Table

NONE: Final = "\u2013"
"""What is written where there is no number."""

Lines = Callable[[Language], Iterator["str | Table"]]


@dataclass(frozen=True, slots=True)
class Told:
    """The same answer twice: ``plain`` holds what JSON can, ``lines`` are text and tables in a language."""

    plain: dict[str, Any]
    lines: Lines


def cohorts(model: ModelEntry, views: Sequence[CohortView], today: date) -> Told:
    """Every cohort with the measure that colours it, and whether its estimates came true."""
    main, tests = main_measure(model), back_tests(views, model)
    plain = {
        **_head(model, today),
        "measure": main,
        "cohorts": [_cohort(view) for view in views],
        "back_tests": [_test(version, key, test) for version, of in tests.items() for key, test in of.items()],
    }

    def lines(language: Language) -> Iterator[str | Table]:
        words = {key: text[language] for key, text in _WORDS.items()}
        heads = ("version", "cohort", "predictions", "known", "final")
        name = metrics.load()[main].name[language]
        table = empty_table((*(words[head] for head in heads), name, words["estimated"], ""))
        for view in views:
            test = tests[view.model_version].get(main)
            failed = test is not None and test.verdict == "failed"
            foretold = words["failed"] if failed else number(main, view.estimated.get(main), language)
            cells = (
                view.model_version,
                view.cohort_id,
                form.count(view.predicted, language),
                form.share(view.completeness, language),
                form.day(view.final_on, language, near=today),
                number(main, view.realised.get(main), language),
                foretold,
            )
            table.add_row(*cells, _state(view, today, language))
        yield table
        several = len(tests) > 1
        for version, of_version in tests.items():
            sentence = backtest.sentence(of_version[main])[language] if main in of_version else words["unestimated"]
            yield f"{version}: {sentence}" if several else sentence

    return Told(plain, lines)


def one_cohort(model: ModelEntry, view: CohortView, views: Sequence[CohortView], today: date) -> Told:
    """One cohort with every measure of it, and the estimate of each."""
    tests = back_tests([one for one in views if one.model_version == view.model_version], model)
    of_version = tests[view.model_version]
    plain = {
        **_head(model, today),
        **_cohort(view),
        "back_tests": [_test(view.model_version, key, test) for key, test in of_version.items()],
    }

    def lines(language: Language) -> Iterator[str | Table]:
        words = {key: text[language] for key, text in _WORDS.items()}
        yield title(view, today)[language]
        rows = []
        for key in dict.fromkeys((main_measure(model), *view.realised, *view.estimated)):
            test = of_version.get(key)
            verdict = words[test.verdict] if test is not None else ""
            said, came = (number(key, of.get(key), language) for of in (view.estimated, view.realised))
            rows.append((metrics.load()[key].name[language], came, said if key in view.estimated else "", verdict))
        yield plain_table([words[head] for head in ("measure", "value", "estimated", "back_test")], rows)
        yield from (backtest.sentence(test)[language] for test in of_version.values() if test.verdict == "failed")

    return Told(plain, lines)


def _head(model: ModelEntry, today: date) -> dict[str, Any]:
    return {"model_id": model.model_id, "task": model.task, "as_of": today.isoformat()}


def _cohort(view: CohortView) -> dict[str, Any]:
    said = asdict(view)
    for name in ("realised", "estimated"):
        said[name] = {key: estimate._asdict() for key, estimate in said[name].items()}
    for name in ("first_day", "last_day", "final_on"):
        said[name] = said[name].isoformat()
    return said


def _test(version: str, key: str, test: backtest.BackTest) -> dict[str, Any]:
    sentence = backtest.sentence(test)
    return {
        "model_version": version,
        "metric": key,
        "verdict": test.verdict,
        "rms": test.rms,
        "allowed": test.allowed,
        "errors": dict(test.errors),
        "sentence": {"en": sentence.en, "fr": sentence.fr},
    }


def title(view: CohortView, today: date) -> Text:
    """Which cohort it is, how much of its truth is known, and when it will be final."""
    values = {
        "period": (view.cohort_id, view.first_day),
        "version": view.model_version,
        "known": view.known,
        "predicted": view.predicted,
        "share": view.completeness,
        "final": view.final_on,
    }
    return say(_TITLE if view.mature else _PROVISIONAL, values, near=today)


def _state(view: CohortView, today: date, language: Language) -> Any:
    if view.colour is not None:
        return colour_word(view.colour, _COLOURS[view.colour][language])
    return _WORDS["provisional" if view.final_on > today else "incomplete"][language]


def number(key: str, estimate: Estimate | None, language: Language) -> str:
    """A value as its metric is written, and its interval; an en dash without one."""
    if estimate is None or estimate.value is None:
        return NONE
    unit = metrics.load()[key].unit
    write = {"share": form.share, "index": index, "count": form.count}.get(unit, form.quantity)
    low, high = (None if bound is None else write(bound, language) for bound in (estimate.low, estimate.high))
    bounds = "" if low is None and high is None else f" [{low or NONE} ; {high or NONE}]"
    if low is None and high is not None:
        bounds = f" ({_BY_CHANCE[language].format(high=high)})"
    return f"{write(estimate.value, language)}{bounds}"


def index(value: float | None, language: Language) -> str:
    """An index to three decimals."""
    return form.index(value, language, digits=3)


_BY_CHANCE: Final = Text("up to {high} by chance", "jusqu\u2019à {high} par hasard")
_COLOURS: Final = {
    "green": Text("green", "vert"),
    "amber": Text("amber", "orange"),
    "red": Text("red", "rouge"),
    "grey": Text("grey", "gris"),
}
_WORDS: Final[dict[str, Text]] = {
    "version": Text("version", "version"),
    "cohort": Text("cohort", "cohorte"),
    "predictions": Text("predictions", "prédictions"),
    "known": Text("outcomes known", "résultats connus"),
    "final": Text("final on", "définitive le"),
    "estimated": Text("estimated before", "estimé avant"),
    "measure": Text("measure", "mesure"),
    "value": Text("value", "valeur"),
    "back_test": Text("the estimate is", "l\u2019estimation est"),
    "provisional": Text("provisional", "provisoire"),
    "incomplete": Text("too little truth", "vérité incomplète"),
    **backtest.USABLE,
    "unestimated": backtest.UNESTIMATED,
}
_TITLE: Final = Text(
    "{period:Period}, version {version:name}: {known:count} of {predicted:count} outcomes are known ({share:share}).",
    "{period:Period}, version {version:name} : {known:count} résultats connus sur {predicted:count} ({share:share}).",
)
_PROVISIONAL: Final = Text(
    "{period:Period}, version {version:name}: {known:count} of {predicted:count} outcomes are known ({share:share}); "
    "provisional, to be final on {final:date}.",
    "{period:Period}, version {version:name} : {known:count} résultats connus sur {predicted:count} ({share:share}) ; "
    "provisoire, définitive le {final:date}.",
)
