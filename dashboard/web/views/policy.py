"""The thresholds a model's figures draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.policy import Policy
from dashboard.stated import fleet_policy, parse_stated, policy_from
from dashboard.web.page import Request
from qod.errors import InputError, UnknownNameError


def policy_of(request: Request, entry: Mapping[str, Any]) -> Policy:
    """The fleet's policy as a row of query ``fleet`` changes it; the defaults where they cannot be read."""
    fleet = fleet_policy(request.rows("policies"))
    try:
        return policy_from(parse_stated(fleet), parse_stated(entry["policy"]))
    except (InputError, UnknownNameError):
        return Policy()
