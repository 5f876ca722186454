"""The thresholds a model's figures draw."""

from __future__ import annotations

from dashboard.policy import Policy, parse_policy
from dashboard.web.page import Request
from qod.errors import VigieError


def policy_of(request: Request, model_id: str) -> Policy:
    """The model's policy; the defaults where it states none, or one that cannot be read."""
    rows = request.rows("model", model_id=model_id)
    try:
        return parse_policy(rows[0]["policy"] if rows else None)
    except VigieError:
        return Policy()
