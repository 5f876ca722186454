"""The controls of the policy simulator: a number for each threshold, links for words and for rules."""

from __future__ import annotations

from typing import Final

from dashboard import format as form
from dashboard import rules
from dashboard.policy_key import Value, as_written
from dashboard.stated import RULES
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chips import Choice, switch
from dashboard.web.components.term import term
from dashboard.web.page import Request
from dashboard.web.views.simulator import Control, Section, Switch

OPEN: Final = ("drift", "missing")
"""Sections that stand open at first."""

_NAMES: Final = {
    "performance": Text("Maturity of the truth", "Maturité de la vérité"),
    "freshness": Text("Lateness", "Retard"),
    "importance": Text("Light variables", "Variables légères"),
}
_LEVELS: Final = {"amber": Text("Amber from", "Orange à partir de"), "red": Text("Red from", "Rouge à partir de")}
_OTHERS: Final = Text("Rules without thresholds", "Règles sans seuil")
_RULE: Final = Text("rule", "règle")
_ON, _OFF = Text("on", "active"), Text("off", "inactive")
_IN_FORCE: Final = Text("in force: {value}", "en vigueur : {value}")
_LABEL: Final = Text("{section}, {key}: {expected}", "{section}, {key} : {expected}")


def policy_controls(request: Request, sections: list[Section]) -> html.Node:
    """The sections, those with a tried value and the first ones open."""
    with_keys = [one for one in sections if one.name]
    alone = [one.switch for one in sections if not one.name and one.switch]
    changed = any(one.tried is not None for one in alone)
    return html.div(
        [_section(request, one) for one in with_keys],
        _fold(request.t(_OTHERS), changed, changed, [_switch(request, one) for one in alone]) if alone else None,
        class_="policy-controls",
    )


def section_name(request: Request, name: str) -> str:
    """What a section of the policy is called: as its rule, where it has one."""
    rule = rules.load().get(name)
    return rule.name[request.language] if rule else request.t(_NAMES[name]) if name in _NAMES else name


def value_words(value: Value, request: Request) -> str:
    """A value as a reader of the language writes it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return as_written(value) if isinstance(value, bool) else str(value)
    return form.threshold(value, request.language) if isinstance(value, float) else form.count(value, request.language)


def _section(request: Request, section: Section) -> html.Node:
    own = [_switch(request, section.switch, named=False)] if section.switch else []
    controls = [_control(request, section, control) for control in section.controls]
    title = section_name(request, section.name)
    return _fold(title, section.name in OPEN or section.changed, section.changed, [*own, *controls])


def _fold(title: str, is_open: bool, changed: bool, inside: list[html.Node]) -> html.Node:
    return html.details(
        html.summary(html.span(title), html.span("\u2022", class_="changed", aria_hidden="true") if changed else None),
        html.div(inside, class_="policy-keys"),
        open=True if is_open else None,
        class_="policy-section",
        data_fold=title,
    )


def _switch(request: Request, rule: Switch, *, named: bool = True) -> html.Node:
    key = f"{RULES}.{rule.rule}"
    on = rule.in_force if rule.tried is None else rule.tried
    words = rules.load()[rule.rule].name[request.language] if named else request.t(_RULE)
    choices = [
        Choice(
            request.t(text), _address(request, key, "" if value == rule.in_force else as_written(value)), on == value
        )
        for text, value in ((_ON, True), (_OFF, False))
    ]
    label = term(request, form.capital(words), f"rule-{rule.rule}")
    return html.div(
        html.span(label, class_="policy-label"),
        switch(f"{rules.load()[rule.rule].name[request.language]}", choices),
        class_="policy-key",
    )


def _control(request: Request, section: Section, control: Control) -> html.Node:
    key = control.key
    last = key.place.partition(".")[2]
    label = request.t(_LEVELS[last]) if last in _LEVELS else last
    meaning = request.t(key.meaning)
    in_force = request.t(_IN_FORCE).format(value=value_words(control.in_force, request))
    return html.div(
        html.span(
            html.span(label, class_=f"level {last}") if last in _LEVELS else html.code(label),
            html.small(meaning) if last != "red" else None,
            class_="policy-label",
        ),
        _number(request, section, control, label)
        if control.step and not _words(control)
        else _choice(request, control),
        html.small(in_force, class_="in-force"),
        class_="policy-key changed" if control.changed else "policy-key",
    )


def _words(control: Control) -> bool:
    return isinstance(control.key.takes, tuple)


def _choice(request: Request, control: Control) -> html.Node:
    takes = control.key.takes
    here = control.tried or str(control.in_force)
    choices = [
        Choice(word, _address(request, control.key.place, "" if word == control.in_force else word), word == here)
        for word in (takes if isinstance(takes, tuple) else ())
    ]
    return switch(request.t(control.key.meaning), choices)


def _number(request: Request, section: Section, control: Control, label: str) -> html.Node:
    key = control.key
    said = request.t(_LABEL).format(
        section=section_name(request, section.name), key=label, expected=request.t(key.expected)
    )
    slider = control.slider
    return html.span(
        class_="move with-slider" if slider else "move",
        data_move="true",
        data_key=key.place,
        data_label=said,
        data_value=control.tried or f"{control.in_force:g}",
        data_force=f"{control.in_force:g}",
        data_least=_plain(control.low),
        data_most=_plain(control.high),
        data_step=_plain(control.step),
        data_from=_plain(slider[0]) if slider else None,
        data_to=_plain(slider[1]) if slider else None,
    )


def _address(request: Request, key: str, value: str) -> str:
    return request.link(**{key: value or None, "page": None})


def _plain(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"
