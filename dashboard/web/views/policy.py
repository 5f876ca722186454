"""The policy of a model as its pages show it: the layers it is made of, and the thresholds its figures draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.policy import Policy
from dashboard.stated import Stated, fleet_policy, parse_stated, policy_from
from dashboard.web.page import Request
from qod.errors import InputError, UnknownNameError


def layers_of(request: Request, entry: Mapping[str, Any]) -> dict[str, Stated]:
    """What the fleet and the model (a row of query ``fleet``) state; what cannot be read states nothing."""
    fleet = fleet_policy(request.rows("policies"))
    return {"fleet": _read(fleet), "model": _read(entry["policy"])}


def policy_of(request: Request, entry: Mapping[str, Any]) -> Policy:
    """The fleet's policy as a row of query ``fleet`` changes it; the defaults where they cannot be read."""
    fleet = fleet_policy(request.rows("policies"))
    try:
        return policy_from(parse_stated(fleet), parse_stated(entry["policy"]))
    except (InputError, UnknownNameError):
        return Policy()


def _read(text: str | None) -> Stated:
    try:
        return parse_stated(text)
    except (InputError, UnknownNameError):
        return {}
