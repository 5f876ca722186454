"""The rules: one file each, found from this folder."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from dashboard.declared import declarations, modules
from dashboard.finding import Finding
from dashboard.rule import Rule
from dashboard.text import Text
from qod.errors import UnknownNameError


@cache
def load() -> dict[str, Rule]:
    """Every rule by its key; ValueError when a file declares none, or under another key than its name."""
    return declarations(__name__, "RULE", Rule)


@cache
def _modules() -> dict[str, ModuleType]:
    return modules(__name__)


def sentence(finding: Finding) -> Text:
    """What ``finding`` says: what, how much, since when and what to do, in one sentence of each language.

    It works as well on a finding whose facts were read back from JSON. UnknownNameError for a rule that is not there.
    """
    text: Text = _module(finding).sentence(finding)
    return text


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps by which the verdict of ``finding`` follows from its facts: numbers, thresholds, since when.

    It works as ``sentence`` does, and raises the same.
    """
    steps: tuple[Text, ...] = _module(finding).derivation(finding)
    return steps


def _module(finding: Finding) -> ModuleType:
    module = _modules().get(finding.rule)
    if module is None:
        raise UnknownNameError("rule", finding.rule, _modules())
    return module
