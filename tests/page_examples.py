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
    "compare": ("/compare?left=churn-postpaid&right=churn-fixed", "/compare"),
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
    # Two versions of a model that was retrained, and a model that never was.
    "versions": ("/models/next-best-offer/versions", "/models/churn-postpaid/versions"),
    "simulator": ("/models/churn-postpaid/policy", "/models/load-callcentre/policy?drift.amber=0.3&drift.red=0.4"),
}
"""The addresses by the key of the page."""
