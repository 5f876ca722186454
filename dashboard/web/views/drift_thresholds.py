"""The thresholds that a variable's drift is held to: its own of the policy, lifted to what training shows itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from dashboard.evaluation.cube import reference_variable
from dashboard.judging.floor import thresholds, usual_floor
from dashboard.policy import Policy


def with_floor(policy: Policy, reference: Mapping[str, Any]) -> Policy:
    """The policy of one variable, a row of query ``variables``, with drift's amber and red as they hold for it."""
    floor = np.array([usual_floor(reference_variable(reference), policy)])
    amber, red, _ = thresholds(floor, policy, [reference["variable"]])
    return replace(policy, drift_amber=float(amber[0]), drift_red=float(red[0]))
