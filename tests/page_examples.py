"""Where each page is tried on the demo: one address or more a page, of models of each kind.

A page that is added gets its line here; tests that walk all pages fail without it.
"""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "fleet": ("/",),
    "glossary": ("/glossary",),
    "platform": ("/platform",),
    "timeline": ("/timeline",),
    "incidents": ("/incidents",),
    "compare": ("/compare?left=churn-postpaid&right=churn-fixed",),
    # One of each kind of model: daily with an incident, weekly or monthly, regression, multiclass, tiny, stopped.
    "model": ("/models/churn-postpaid", "/models/fault-north", "/models/payment-default"),
    "inputs": ("/models/churn-postpaid/inputs", "/models/fraud-sim-swap/inputs"),
    "variable": ("/models/churn-postpaid/inputs/tenure_months", "/models/fraud-new-lines/inputs/device_brand"),
    "predictions": ("/models/churn-postpaid/predictions", "/models/next-best-offer/predictions"),
    "performance": (
        "/models/upsell-fibre/performance",
        "/models/load-callcentre/performance",
        "/models/next-best-offer/performance",
        "/models/payment-default/performance",
    ),
    "versions": ("/models/churn-postpaid/versions", "/models/upsell-fibre/versions"),
    "simulator": ("/models/churn-postpaid/policy",),
}
"""The addresses by the key of the page."""
