"""The thresholds a model's figures draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.policy import Policy, parse_policy
from qod.errors import VigieError


def policy_of(entry: Mapping[str, Any]) -> Policy:
    """The policy of a row of query ``fleet``; the defaults where it states none, or one that cannot be read."""
    try:
        return parse_policy(entry["policy"])
    except VigieError:
        return Policy()
