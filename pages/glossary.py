"""The glossary: every state, metric, rule and key of the policy in plain words, from their own declarations."""

from __future__ import annotations

from typing import Final

from dashboard import metrics, rules
from dashboard.derived_variables import DERIVED, MEANING, DerivedVariable
from dashboard.format import edge
from dashboard.glossary import written
from dashboard.metric import Metric
from dashboard.policy import KEYS
from dashboard.rule import FAMILIES, Rule
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.card import card
from dashboard.web.components.facts import facts
from dashboard.web.components.families import FAMILIES as FAMILY_NAMES
from dashboard.web.components.stoplight import MEANINGS, stoplight
from dashboard.web.page import Page, Request

PAGE: Final = Page(
    "glossary", "/glossary", Text("Glossary", "Glossaire"), nav=Text("Glossary", "Glossaire"), nav_place=9
)

_LEAD: Final = Text(
    "What every word, number and colour of these pages means.",
    "Ce que veut dire chaque mot, chaque nombre et chaque couleur de ces pages.",
)
_STATES: Final = Text("States", "États")
_METRICS: Final = Text("Metrics", "Mesures")
_DERIVED: Final = Text("Derived variables", "Variables dérivées")
_RULES: Final = Text("Rules", "Règles")
_POLICY: Final = Text("Policy", "Politique")
_POLICY_LEAD: Final = Text(
    "What the fleet, a model or one of its variables may change of the rules, and what holds where nobody does.",
    "Ce que la flotte, un modèle ou l\u2019une de ses variables peut changer aux règles, et ce qui vaut sinon.",
)
_DEFAULT: Final = Text("{meaning}; {default} by default.", "{meaning} ; {default} par défaut.")
_BY_VARIABLE: Final = Text("By variable too.", "Par variable aussi.")
_FORMULA, _SOURCE, _EXAMPLE = Text("Formula", "Formule"), Text("Source", "Source"), Text("Example", "Exemple")
_WHEN: Final = Text("Condition", "Condition")
_ON_THIS_PAGE: Final = Text("On this page", "Sur cette page")


def layout(request: Request) -> list[html.Node]:
    """States, then rules by family, metrics, derived variables and the policy; each entry has its key as anchor."""
    t = request.t
    found = rules.load()
    return [
        html.h1(t(PAGE.nav or _STATES)),
        html.p(t(_LEAD), class_="lead"),
        html.nav(
            [
                html.a(t(words), href=f"#{anchor}")
                for words, anchor in (
                    (_STATES, "states"),
                    (_RULES, "rules"),
                    (_METRICS, "metrics"),
                    (_DERIVED, "derived"),
                    (_POLICY, "policy"),
                )
            ],
            class_="tabs",
            aria_label=t(_ON_THIS_PAGE),
        ),
        card(request, t(_STATES), lambda: _states(request), id="states"),
        card(
            request,
            t(_RULES),
            lambda: [
                _family(request, key, [rule for rule in found.values() if rule.family == key]) for key in FAMILIES
            ],
            id="rules",
        ),
        card(
            request,
            t(_METRICS),
            lambda: html.div([_entry(request, metric) for metric in metrics.load().values()], class_="entries"),
            id="metrics",
        ),
        card(
            request,
            t(_DERIVED),
            lambda: [
                html.p(t(MEANING)),
                html.div([_entry(request, variable) for variable in DERIVED], class_="entries"),
            ],
            id="derived",
        ),
        card(request, t(_POLICY), lambda: _policy(request), note=t(_POLICY_LEAD), id="policy"),
    ]


def _states(request: Request) -> html.Node:
    return facts([(stoplight(colour, request.language), request.t(text)) for colour, text in MEANINGS.items()])


def _family(request: Request, key: str, found: list[Rule]) -> html.Node:
    if not found:
        return None
    return html.section(
        html.h3(request.t(FAMILY_NAMES[key])),
        html.div([_rule(request, rule) for rule in found], class_="entries"),
        id=f"family-{key}",
    )


def _rule(request: Request, rule: Rule) -> html.Node:
    t = request.t
    lights = [stoplight(colour, request.language) for colour in rule.colours]
    return html.article(
        html.h4(_anchor(request.t(rule.name), f"rule-{rule.key}"), *lights),
        html.p(request.t(rule.meaning)),
        facts(
            [
                (t(_WHEN), html.code(written(rule.condition, request.language))),
                (t(_EXAMPLE), request.t(rule.example)),
                (t(_SOURCE), written(rule.source, request.language)),
            ]
        ),
        id=f"rule-{rule.key}",
    )


def _entry(request: Request, metric: Metric | DerivedVariable) -> html.Node:
    t = request.t
    return html.article(
        html.h3(_anchor(request.t(metric.name), metric.key)),
        html.p(request.t(metric.meaning)),
        facts(
            [
                (t(_FORMULA), html.code(written(metric.formula, request.language))),
                (t(_EXAMPLE), request.t(metric.example)),
                (t(_SOURCE), written(metric.source, request.language)),
            ]
        ),
        id=metric.key,
    )


def _policy(request: Request) -> html.Node:
    rows = []
    for key in KEYS:
        meaning = request.t(key.meaning)
        default = key.default if isinstance(key.default, str) else edge(key.default, request.language)
        words = request.t(_DEFAULT).format(meaning=f"{meaning[0].upper()}{meaning[1:]}", default=default)
        rows.append((html.code(key.place), f"{words} {request.t(_BY_VARIABLE)}" if key.by_variable else words))
    return facts(rows)


def _anchor(words: str, key: str) -> html.Node:
    return html.a(words, href=f"#{key}", class_="anchor")
