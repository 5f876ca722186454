"""The models that look after customers: churn, win-back, upsell, the next best offer."""

from __future__ import annotations

from typing import Final

from dashboard.demo.model import DemoModel

OFFERS: Final = ("fibre upgrade", "more data", "new handset", "television", "insurance")

MODELS: Final = (
    DemoModel(
        model_id="churn-postpaid",
        name="Churn, mobile postpaid",
        description="Which mobile contracts will be ended within 60 days. Feeds the weekly retention campaign.",
        team="Base care",
        owner="lea.martin",
        variables="-tenure_months calls_to_care_90d usage_trend_share -contract_months_left complaints_12m arpu_eur "
        "tariff_plan device_brand data_gb_30d payment_method age_years region",
        entity="C",
        rows=500,
        rate=0.09,
        outcome_window_days=60,
    ),
    DemoModel(
        model_id="churn-fixed",
        name="Churn, fixed line",
        description="Which fixed lines will be ended within 60 days.",
        team="Base care",
        owner="lea.martin",
        variables="fault_tickets_12m -tenure_months download_mbit_s complaints_12m -lines_in_household monthly_fee_eur "
        "discount_share sales_channel payment_method region",
        entity="L",
        rows=400,
        rate=0.10,
        outcome_window_days=60,
    ),
    DemoModel(
        model_id="win-back",
        name="Win-back",
        description="Which former customers will come back when called. Orders the call list of the telesales teams.",
        team="Base care",
        owner="nadia.benali",
        variables="arpu_eur tenure_months -complaints_12m tariff_plan handset_age_months age_years -late_payments_12m "
        "region",
        entity="C",
        rows=360,
        rate=0.14,
        spread=1.0,
        outcome_window_days=45,
    ),
    DemoModel(
        model_id="upsell-fibre",
        name="Upsell, fibre",
        description="Which households will take fibre when it is offered.",
        team="Growth",
        owner="tom.lefevre",
        variables="-download_mbit_s data_gb_30d lines_in_household -age_years arpu_eur fault_tickets_12m tariff_plan "
        "sales_channel discount_share region",
        entity="H",
        rows=700,
        rate=0.10,
        spread=1.2,
        cohort="week",
        outcome_window_days=14,
    ),
    DemoModel(
        model_id="upsell-mobile-data",
        name="Upsell, mobile data",
        description="Who will take a larger data plan within a month.",
        team="Growth",
        owner="tom.lefevre",
        variables="data_used_share data_gb_30d -monthly_fee_eur app_logins_30d tariff_plan usage_trend_share "
        "-handset_age_months device_brand age_years sms_30d",
        entity="C",
        rows=500,
        rate=0.08,
    ),
    DemoModel(
        model_id="next-best-offer",
        name="Next best offer",
        description="Which of five offers a customer will take, shown in the app and on the telephone.",
        team="Growth",
        owner="yasmine.haddad",
        variables="data_gb_30d handset_age_months arpu_eur data_used_share age_years tariff_plan -tenure_months "
        "app_logins_30d lines_in_household device_brand region",
        entity="C",
        rows=550,
        rate=0.5,
        spread=2.4,
        task="multiclass",
        cohort="week",
        outcome_window_days=14,
        classes=OFFERS,
        retrained=95,
    ),
    DemoModel(
        model_id="upsell-roaming",
        name="Upsell, roaming",
        description="Who will take a roaming pass before travelling.",
        team="Growth",
        owner="yasmine.haddad",
        variables="roaming_days_90d data_gb_30d voice_minutes_30d arpu_eur -age_years tariff_plan handset_price_eur "
        "device_brand region",
        entity="C",
        rows=900,
        rate=0.06,
        outcome_window_days=21,
    ),
    DemoModel(
        model_id="churn-prepaid",
        name="Churn, mobile prepaid",
        description="Which prepaid cards will fall silent within 45 days.",
        team="Base care",
        owner="nadia.benali",
        variables="days_since_topup -topups_90d usage_trend_share -tenure_months calls_to_care_90d data_gb_30d "
        "handset_age_months device_brand age_years region",
        entity="P",
        rows=450,
        rate=0.15,
        outcome_window_days=45,
        retrained=170,
    ),
    DemoModel(
        model_id="upsell-insurance",
        name="Upsell, device insurance",
        description="Who will insure the handset within a month of buying it.",
        team="Growth",
        owner="tom.lefevre",
        variables="handset_price_eur -handset_age_months -age_years monthly_fee_eur device_brand sales_channel "
        "payment_method tariff_plan region",
        entity="C",
        rows=2000,
        rate=0.16,
        spread=1.0,
        cadence="P7D",
        cohort="batch",
    ),
    DemoModel(
        model_id="upsell-tv",
        name="Upsell, television",
        description="Which households will take the television package.",
        team="Growth",
        owner="yasmine.haddad",
        variables="lines_in_household download_mbit_s arpu_eur -discount_share is_bundle tariff_plan age_years "
        "sales_channel region",
        entity="H",
        rows=2200,
        rate=0.09,
        cadence="P7D",
        cohort="batch",
    ),
)
