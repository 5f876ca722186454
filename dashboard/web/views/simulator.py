"""The controls of the policy simulator: each key of the policy that can be moved, its values and how far it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard import rules
from dashboard.policy import KEYS
from dashboard.policy_key import Key, Range, Value
from dashboard.stated import RULES, RULES_OF_VARIABLES, Origin, Place

OF_TASK: Final = {"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}
"""The section of the policy on performance, by the model's task."""


@dataclass(frozen=True, slots=True)
class Control:
    """One key: what is in force, what the address tries (as text, so that a wrong value can be shown again).

    ``low`` and ``high`` are bounds of the number box, None for none, ``step`` what the slider moves it by; a
    ``slider`` (its two ends) has room for the values people choose.
    """

    key: Key
    in_force: Value
    tried: str
    low: float | None
    high: float | None
    step: float
    slider: tuple[float, float] | None

    @property
    def changed(self) -> bool:
        """Whether the address tries another value."""
        return self.tried != ""


@dataclass(frozen=True, slots=True)
class Switch:
    """A rule that can be switched on and off; ``tried`` is None where the address leaves it as it is."""

    rule: str
    in_force: bool
    tried: bool | None


@dataclass(frozen=True, slots=True)
class Section:
    """The keys of one section of the policy and the rule of that name, if there is one."""

    name: str
    controls: tuple[Control, ...]
    switch: Switch | None

    @property
    def changed(self) -> bool:
        """Whether the address tries anything of it."""
        moved = self.switch is not None and self.switch.tried is not None
        return moved or any(control.changed for control in self.controls)


def sections(task: str, in_force: Sequence[Origin], tried: Mapping[str, str], variable: str = "") -> list[Section]:
    """The sections that matter to a model of this ``task``, then one, named '', of rules that have no threshold.

    ``tried`` holds the texts of the address by key. With a ``variable``, only what it may have of its own.
    """
    values: dict[Place, Value] = {(one.variable, one.key): one.value for one in in_force}

    def value(key: str) -> Value:
        return values.get((variable, key), values["", key])

    others = set(OF_TASK.values()) - {OF_TASK.get(task, "auc")}
    names = list(dict.fromkeys(key.place.partition(".")[0] for key in KEYS))
    switchable = RULES_OF_VARIABLES if variable else tuple(rules.load())

    def switch(rule: str) -> Switch | None:
        if rule not in switchable or rule in others:
            return None
        text = tried.get(f"{RULES}.{rule}", "")
        return Switch(rule, value(f"{RULES}.{rule}") is True, text == "true" if text else None)

    found = []
    for name in names:
        keys = [key for key in KEYS if key.place.partition(".")[0] == name and (key.by_variable or not variable)]
        if name not in others and (keys or switch(name)):
            controls = tuple(control(key, value(key.place), tried.get(key.place, "")) for key in keys)
            found.append(Section(name, controls, switch(name)))
    rest = [made for rule in rules.load() if rule not in names and (made := switch(rule))]
    return [*found, *(Section("", (), one) for one in rest)]


def control(key: Key, in_force: Value, tried: str = "") -> Control:
    """The control of one key."""
    if not isinstance(key.takes, Range) or not isinstance(key.default, int | float):
        return Control(key, in_force, tried, None, None, 1, None)
    low = key.takes.low if key.takes.low > float("-inf") else None
    high = key.takes.high if key.takes.high < float("inf") else None
    if isinstance(key.default, int):
        return Control(key, in_force, tried, low, high, 1, None)
    step = _step(float(key.default))
    if low is not None and key.takes.open_low:
        low += step
    if high is not None and key.takes.open_high:
        high -= step
    slider = None
    if key.place.endswith((".amber", ".red")):
        # Both thresholds of a section share a scale, so that one can be seen to lie below the other.
        most = max(4 * _red(key), 2 * float(in_force))
        slider = (low or 0.0, round(min(most, high if high is not None else most), 4))
    return Control(key, in_force, tried, low, high, step, slider)


def _red(key: Key) -> float:
    """The default of the red threshold of the key's section."""
    place = f"{key.place.partition('.')[0]}.red"
    return next(float(one.default) for one in KEYS if one.place == place)


def _step(default: float) -> float:
    """A tenth of the default, as a power of ten."""
    step = 1.0
    while step * 9.99 > default and step > 1e-4:
        step /= 10
    return round(step, 6)
