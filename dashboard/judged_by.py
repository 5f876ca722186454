"""Whether a finding was judged by the policy that is in force now; pages and commands show that one."""

from __future__ import annotations

import math
from typing import Final

from dashboard.finding import Finding
from dashboard.policy import POLICY_KEYS, Policy
from dashboard.text import Text

CHANGED: Final = Text(
    "the policy has changed since this was judged: run 'vigie evaluate'",
    "la politique a changé depuis ce jugement\u00a0: lancer «\u00a0vigie evaluate\u00a0»",
)


def has_changed(finding: Finding, policy: Policy) -> bool:
    """Whether ``policy`` gives the finding's subject other thresholds than those in its facts, or has its rule off."""
    own = policy.for_variable(finding.subject)
    if finding.rule in own.off:
        return True
    # The thresholds of drift may have been lifted: what the policy said stands beside them.
    said = "_set" if finding.rule == "drift" else ""
    for level in ("amber", "red"):
        name, judged = POLICY_KEYS.get(f"{finding.rule}.{level}"), finding.facts.get(f"{level}{said}")
        if name is not None and judged is not None and not math.isclose(judged, getattr(own, name)):
            return True
    return False
