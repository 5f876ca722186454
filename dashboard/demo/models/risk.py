"""The models that look after money: fraud, spam, credit and payment."""

from __future__ import annotations

from typing import Final

from dashboard.demo.model import DemoModel

MODELS: Final = (
    DemoModel(
        model_id="fraud-new-lines",
        name="Fraud, new lines",
        description="Whether an order for a new line is a fraud. Orders above .6 are held for a person to look at.",
        team="Risk",
        owner="ines.moreau",
        variables="order_value_eur -account_age_days orders_same_address_30d ip_distance_km device_brand "
        "payment_method handset_price_eur sales_channel -external_score region",
        entity="O",
        rows=1100,
        rate=0.05,
        spread=1.3,
        outcome_window_days=45,
        segments=("web", "shop", "telesales"),
    ),
    DemoModel(
        model_id="payment-default",
        name="Payment default",
        description="Which customers will not pay within 180 days. In use since this year: its truth is not known yet.",
        team="Risk",
        owner="ines.moreau",
        variables="-external_score late_payments_12m open_balance_eur payment_method -tenure_months "
        "days_since_last_payment -declared_income_eur age_years sales_channel",
        entity="C",
        rows=5000,
        rate=0.07,
        spread=1.3,
        cadence="P1M",
        cohort="batch",
        outcome_window_days=180,
        youngest=160,
    ),
    DemoModel(
        model_id="fraud-sim-swap",
        name="Fraud, SIM swap",
        description="Whether a SIM card is being replaced by somebody else than its owner. Few requests a day.",
        team="Risk",
        owner="samir.roussel",
        variables="-hours_since_sim_change failed_logins_7d ip_distance_km -account_age_days open_balance_eur "
        "sales_channel device_brand region",
        entity="R",
        rows=150,
        rate=0.12,
        spread=1.3,
        segments=("shop", "telesales"),
    ),
    DemoModel(
        model_id="fraud-payments",
        name="Fraud, payments",
        description="Whether a payment will be charged back.",
        team="Risk",
        owner="samir.roussel",
        variables="order_value_eur failed_logins_7d ip_distance_km -account_age_days payment_method "
        "orders_same_address_30d external_score -app_logins_30d region",
        entity="T",
        rows=600,
        rate=0.04,
        spread=1.35,
        outcome_window_days=60,
        retrained=240,
    ),
    DemoModel(
        model_id="late-payment",
        name="Late payment",
        description="Which invoices will be paid more than ten days late.",
        team="Risk",
        owner="ines.moreau",
        variables="late_payments_12m days_since_last_payment open_balance_eur payment_method -external_score "
        "-tenure_months age_years monthly_fee_eur sales_channel",
        entity="I",
        rows=2400,
        rate=0.12,
        cadence="P7D",
        cohort="batch",
        retrained=130,
    ),
    DemoModel(
        model_id="spam-sms",
        name="Spam, text messages",
        description="Whether a sender is a spammer. Senders above .9 are slowed down.",
        team="Risk",
        owner="samir.roussel",
        variables="links_share messages_per_hour distinct_recipients_24h -sender_age_days sms_30d failed_logins_7d "
        "tariff_plan sales_channel",
        entity="M",
        rows=450,
        rate=0.11,
        spread=1.45,
        outcome_window_days=10,
        retrained=60,
    ),
    DemoModel(
        model_id="credit-limit",
        name="Credit limit",
        description="Which customers can be offered a handset by instalments.",
        team="Risk",
        owner="ines.moreau",
        variables="external_score declared_income_eur -late_payments_12m tenure_months -open_balance_eur age_years "
        "payment_method arpu_eur region",
        entity="C",
        rows=4000,
        rate=0.18,
        cadence="P1M",
        cohort="batch",
        outcome_window_days=60,
    ),
)
