"""What policies state: read from JSON, each value by its place, and one policy made of several layers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard import rules
from dashboard.alert_policy import KEYS as OF_ALERTS
from dashboard.alert_policy import AlertPolicy
from dashboard.policy import KEYS as OF_COLOURS
from dashboard.policy import Policy, check_agreement
from dashboard.policy_key import Value
from qod.errors import InputError, UnknownNameError

FLEET: Final = "fleet"
"""The identifier of the policy that holds for every model."""

RULES: Final = "rules"
VARIABLES: Final = "variables"

RULES_OF_VARIABLES: Final = (
    *("drift", "missing", "unseen", "absent", "constant"),
    *("out_of_range", "vanished", "type_changed"),
)
"""Rules that may be switched off for one variable; the others judge a batch, a cohort or the model as a whole."""

KEYS: Final = (*OF_COLOURS, *OF_ALERTS)
"""Every key that a policy may state."""

Place = tuple[str, str]
"""A variable, or empty for all, and a key: ``("", "drift.amber")``, ``("tenure", "rules.missing")``."""

Stated = Mapping[Place, Value]
"""The values that one policy states."""

_BY_PLACE: Final = {key.place: key for key in KEYS}
_TOLD: Final = {key.place: key.name for key in OF_ALERTS}
_EXAMPLE: Final = 'write it as {"drift": {"amber": 0.15, "red": 0.3}}.'


@dataclass(frozen=True, slots=True)
class Origin:
    """A value in force, of one variable or (empty) of all, and which layer it comes from."""

    variable: str
    key: str
    value: Value
    layer: str


def parse_policy(text: str | None) -> Policy:
    """The policy that ``text`` (JSON, or None for the defaults) describes by itself.

    Raises InputError for text that is no JSON object, a value that cannot be used and values that contradict each
    other, and UnknownNameError for a key that does not exist.
    """
    return policy_from(parse_stated(text))


def parse_stated(text: str | None) -> dict[Place, Value]:
    """What ``text`` states; raises as ``parse_policy``, of contradictions for those within the text alone."""
    if text is None or not text.strip():
        return {}
    try:
        sections = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the policy is no JSON: {error}.", hint=_EXAMPLE) from None
    return stated(sections)


def stated(sections: Any) -> dict[Place, Value]:
    """As ``parse_stated``, from the parsed ``{section: {key: value}}``."""
    if not isinstance(sections, dict):
        raise InputError("a policy is a table of sections.", hint=_EXAMPLE)
    found: dict[Place, Value] = {}
    for section, keys in sections.items():
        if section != VARIABLES:
            found |= _section("", section, keys)
            continue
        for variable, own in _table(VARIABLES, keys).items():
            for inner, values in _table(f"{VARIABLES}.{variable}", own).items():
                found |= _section(variable, inner, values)
    for variable in {place[0] for place in found}:
        own = {_BY_PLACE[key].name: value for (of, key), value in found.items() if of == variable and key in _BY_PLACE}
        try:
            check_agreement(own, variable)
        except ValueError as error:
            raise InputError(f"{error}.") from None
    return found


def setting(text: str) -> tuple[Place, Value]:
    """The place and the value of ``drift.amber=0.15``, or ``variables.tenure.rules.drift=false``.

    Raises InputError for text of another form, else as ``parse_policy``.
    """
    # A variable's name may hold the sign too.
    place, equals, value = text.rpartition("=")
    if not equals or not place.strip() or not value.strip():
        raise InputError(f"{text!r} sets nothing.", hint="write a key and its value, as drift.amber=0.15.")
    variable, key = "", place.strip()
    if key.startswith(f"{VARIABLES}.") and key.count(".") > 2:
        # A variable's name may hold dots, a key holds one.
        variable, section, name = key.removeprefix(f"{VARIABLES}.").rsplit(".", 2)
        key = f"{section}.{name}"
    return (variable, key), _value(variable, key, _typed(value.strip()))


def policy_from(*layers: Stated) -> Policy:
    """The policy in force: the defaults, and what each layer changes of those before it.

    What is stated of a variable holds for it whichever layer states it. InputError for values that contradict each
    other.
    """
    merged = {place: value for layer in layers for place, value in layer.items()}
    off: set[str] = set()
    values: dict[str, Any] = {}
    variables: dict[str, dict[str, Any]] = {}
    for (variable, key), value in sorted(merged.items()):
        section, _, name = key.partition(".")
        if key in _TOLD:
            continue
        of = variables.setdefault(variable, {}) if variable else values
        if section != RULES:
            of[_BY_PLACE[key].name] = value
        elif value and variable and merged.get(("", key)) is False:
            raise InputError(f"variable {variable!r}: the rule {name} cannot be on for it while it is off for all.")
        elif not value and variable:
            of["off"] = of.get("off", frozenset()) | {name}
        elif not value:
            off.add(name)
    try:
        return Policy(**values, off=frozenset(off), variables={name: own for name, own in variables.items() if own})
    except ValueError as error:
        raise InputError(f"{error}.") from None


def alert_policy_from(*layers: Stated) -> AlertPolicy:
    """What people are told and when retraining may be asked for: the defaults, and what each layer changes of them."""
    merged = {place[1]: value for layer in layers for place, value in layer.items() if place[1] in _TOLD}
    values: dict[str, Any] = {_TOLD[key]: value for key, value in merged.items()}
    return AlertPolicy(**values)


def origins(layers: Mapping[str, Stated]) -> list[Origin]:
    """Every value in force where the named ``layers`` change the defaults, in the order of the keys."""
    found = {("", key.place): Origin("", key.place, key.default, "default") for key in KEYS}
    found |= {("", f"{RULES}.{rule}"): Origin("", f"{RULES}.{rule}", True, "default") for rule in rules.load()}
    order = {place[1]: number for number, place in enumerate(found)}
    for layer, said in layers.items():
        found |= {place: Origin(*place, value, layer) for place, value in said.items()}
    return [found[place] for place in sorted(found, key=lambda place: (place[0], order[place[1]]))]


def fleet_policy(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """The JSON of the fleet's policy among the rows of query ``policies``; None where there is none."""
    return next((row["policy"] for row in rows if row["policy_id"] == FLEET), None)


def _typed(text: str) -> Value:
    """The value as JSON would hold it; numbers as people write them, words with quotes or without."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text) if set(text) & set(".en") else int(text)
    except ValueError:
        return text.strip('"')


def _table(place: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"policy section {place!r} is a table of keys.", hint=_EXAMPLE)
    return value


def _section(variable: str, section: str, keys: Any) -> dict[Place, Value]:
    known = {place.partition(".")[0] for place in _BY_PLACE} | {RULES}
    if section not in known:
        raise UnknownNameError("policy section", section, known if variable else {*known, VARIABLES})
    where = f"{VARIABLES}.{variable}.{section}" if variable else section
    places = {name: f"{section}.{name}" for name in _table(where, keys)}
    return {(variable, place): _value(variable, place, keys[name]) for name, place in places.items()}


def _value(variable: str, place: str, value: Any) -> Value:
    section, _, name = place.partition(".")
    if section == RULES:
        return _switch(variable, place, name, value)
    if place not in _BY_PLACE:
        raise UnknownNameError("policy key", place, [*_BY_PLACE, *(f"{RULES}.{rule}" for rule in rules.load())])
    key = _BY_PLACE[place]
    if variable and not key.by_variable:
        raise InputError(
            f"policy key {place} holds for the whole model, not for variable {variable!r} alone.",
            hint=f"a variable takes {', '.join(one.place for one in KEYS if one.by_variable)}, and {RULES}.",
        )
    try:
        return key.read(value)
    except ValueError as error:
        raise InputError(f"policy key {error}.") from None


def _switch(variable: str, place: str, rule: str, value: Any) -> bool:
    if rule not in rules.load():
        raise UnknownNameError("rule", rule, rules.load())
    if variable and rule not in RULES_OF_VARIABLES:
        raise InputError(
            f"the rule {rule} judges no variable by itself: it cannot be off for {variable!r} alone.",
            hint=f"a variable takes {', '.join(RULES_OF_VARIABLES)}.",
        )
    if not isinstance(value, bool):
        raise InputError(f"policy key {place} is true or false, not {value!r}.")
    return value
