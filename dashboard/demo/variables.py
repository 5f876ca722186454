"""The variables of the operator's models: their names, shapes, missing shares and seasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.demo.shapes import Category, Count, Lognormal, Normal, Shape, Share


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable.

    ``missing`` is the share of rows without a value, 0..1. ``weekly`` and ``yearly`` are the amplitudes of its seasons,
    in standard deviations: small ones are part of any telecom operator's life.
    """

    name: str
    shape: Shape
    missing: float = 0.0
    weekly: float = 0.0
    yearly: float = 0.0


REGIONS: Final = (
    "Île-de-France",
    "Auvergne-Rhône-Alpes",
    "Occitanie",
    "Nouvelle-Aquitaine",
    "Hauts-de-France",
    "Grand Est",
    "Provence-Alpes-Côte d'Azur",
    "Pays de la Loire",
    "Bretagne",
    "Normandie",
    "Bourgogne-Franche-Comté",
    "Centre-Val de Loire",
    "Corse",
)
BRANDS: Final = (
    "Apple",
    "Samsung",
    "Xiaomi",
    "Google",
    "Motorola",
    "Honor",
    "OnePlus",
    "Oppo",
    "Sony",
    "Fairphone",
    "Crosscall",
)
PLANS: Final = ("5G 100 GB", "4G 40 GB", "5G 200 GB", "Essential 5 GB", "4G 80 GB", "Unlimited", "Junior", "Senior")
PAYMENTS: Final = ("direct debit", "card", "bank transfer", "cheque", "cash desk")
CHANNELS: Final = ("web", "shop", "app", "telesales", "partner", "door to door")
VENDORS: Final = ("Ericsson", "Nokia", "Huawei", "Samsung Networks")
EQUIPMENT: Final = ("OLT", "DSLAM", "ONT", "router", "splitter", "power supply", "microwave link")

VARIABLES: Final[dict[str, Variable]] = {
    variable.name: variable
    for variable in (
        # The customer and the contract
        Variable("tenure_months", Lognormal(34, 0.85, digits=0, most=300), missing=0.002),
        Variable("age_years", Normal(46, 16, digits=0, least=18, most=97), missing=0.03),
        Variable("arpu_eur", Lognormal(24, 0.45), missing=0.004),
        Variable("monthly_fee_eur", Lognormal(29, 0.35)),
        Variable("discount_share", Share(0.12), missing=0.01),
        Variable("contract_months_left", Count(5.5, zeros=0.3)),
        Variable("lines_in_household", Count(1.4)),
        Variable("region", Category(REGIONS, 0.6)),
        Variable("tariff_plan", Category(PLANS, 0.8)),
        Variable("sales_channel", Category(CHANNELS)),
        Variable("payment_method", Category(PAYMENTS, 1.3), missing=0.005),
        Variable("is_bundle", Category(("no", "yes"), 0.7)),
        # The handset
        Variable("device_brand", Category(BRANDS), missing=0.01),
        Variable("handset_age_months", Lognormal(19, 0.6, digits=0, most=120), missing=0.02),
        Variable("handset_price_eur", Lognormal(420, 0.7, digits=0), missing=0.02),
        # Usage
        Variable("data_gb_30d", Lognormal(11, 1.0), weekly=0.03, yearly=0.05),
        Variable("voice_minutes_30d", Lognormal(140, 0.9, digits=0), yearly=0.04),
        Variable("sms_30d", Count(6.0, zeros=0.25)),
        Variable("roaming_days_90d", Count(2.2, zeros=0.7), yearly=0.08),
        Variable("data_used_share", Share(0.45), weekly=0.02),
        Variable("topups_90d", Count(3.1, zeros=0.1)),
        Variable("days_since_topup", Lognormal(12, 0.8, digits=0, most=365)),
        Variable("app_logins_30d", Count(4.0, zeros=0.3)),
        Variable("usage_trend_share", Normal(0.0, 0.18, digits=3)),
        # Care and network experience
        Variable("calls_to_care_90d", Count(0.9, zeros=0.35), yearly=0.03),
        Variable("complaints_12m", Count(0.4, zeros=0.5)),
        Variable("dropped_calls_share", Share(0.015, 0.7), missing=0.01),
        Variable("download_mbit_s", Lognormal(62, 0.7, digits=1), missing=0.02),
        Variable("fault_tickets_12m", Count(0.7, zeros=0.4)),
        Variable("wait_seconds", Lognormal(58, 0.5, digits=0), weekly=0.02),
        # Money
        Variable("late_payments_12m", Count(0.8, zeros=0.6)),
        Variable("open_balance_eur", Lognormal(31, 1.1), missing=0.01),
        Variable("days_since_last_payment", Lognormal(17, 0.5, digits=0)),
        Variable("external_score", Normal(612, 74, digits=0, least=300, most=850), missing=0.025),
        Variable("declared_income_eur", Lognormal(2150, 0.4, digits=0), missing=0.03),
        # Risk
        Variable("order_value_eur", Lognormal(310, 0.8)),
        Variable("orders_same_address_30d", Count(0.5, zeros=0.5)),
        Variable("account_age_days", Lognormal(420, 1.2, digits=0)),
        Variable("ip_distance_km", Lognormal(22, 1.4, digits=1), missing=0.03),
        Variable("hours_since_sim_change", Lognormal(900, 1.3, digits=1)),
        Variable("failed_logins_7d", Count(0.6, zeros=0.6)),
        Variable("messages_per_hour", Lognormal(3.2, 1.1, digits=1), weekly=0.03),
        Variable("distinct_recipients_24h", Lognormal(5, 0.9, digits=0)),
        Variable("links_share", Share(0.08, 1.0)),
        Variable("sender_age_days", Lognormal(260, 1.3, digits=0)),
        # Network
        Variable("temperature_celsius", Normal(31, 6, digits=1), missing=0.01, yearly=0.08),
        Variable("signal_dbm", Normal(-84, 7, digits=1), missing=0.01),
        Variable("error_rate_share", Share(0.01, 0.9)),
        Variable("uptime_days", Lognormal(96, 1.0, digits=0)),
        Variable("alarms_24h", Count(1.3, zeros=0.5)),
        Variable("firmware_age_days", Lognormal(210, 0.7, digits=0)),
        Variable("traffic_gb_24h", Lognormal(840, 0.8, digits=1), weekly=0.05),
        Variable("rain_mm_24h", Lognormal(1.6, 1.2, digits=1), yearly=0.04),
        Variable("customers_connected", Lognormal(380, 0.7, digits=0)),
        Variable("equipment_type", Category(EQUIPMENT, 0.8)),
        Variable("vendor", Category(VENDORS, 0.9)),
        # Work in the field and on the telephone
        Variable("agents_planned", Normal(64, 12, digits=0, least=4), weekly=0.04),
        Variable("calls_same_slot_last_week", Lognormal(210, 0.4, digits=0), weekly=0.04),
        Variable("open_incidents", Count(2.1, zeros=0.2)),
        Variable("invoices_sent_48h", Lognormal(5200, 0.6, digits=0)),
        Variable("queue", Category(("mobile", "internet", "billing", "technical", "sales", "business"), 0.6)),
        Variable("slot", Category(("10-12", "14-16", "08-10", "16-18", "12-14", "18-20"), 0.4)),
        Variable("travel_km", Lognormal(14, 0.7, digits=1), missing=0.005),
        Variable("technician_years", Lognormal(5, 0.6, digits=1)),
        Variable("job_type", Category(("installation", "repair", "swap", "inspection", "removal"), 0.8)),
        Variable("floors", Count(2.0, zeros=0.15)),
        Variable("previous_visits_12m", Count(0.5, zeros=0.4)),
        Variable("floor_area_m2", Lognormal(38, 0.5, digits=0)),
        Variable("antennas", Count(6.0)),
        Variable("cooling_age_years", Lognormal(6, 0.5, digits=1), missing=0.02),
    )
}
