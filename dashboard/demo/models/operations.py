"""The models that look after the network, the technicians and the telephone."""

from __future__ import annotations

from typing import Final

from dashboard.demo.model import DemoModel

MODELS: Final = (
    DemoModel(
        model_id="load-callcentre",
        name="Call-centre load",
        description="Calls in each queue and quarter of an hour of the next day. Decides how many agents are planned.",
        team="Care",
        owner="hugo.petit",
        variables="calls_same_slot_last_week open_incidents wait_seconds invoices_sent_48h queue agents_planned "
        "app_logins_30d rain_mm_24h",
        entity="Q",
        rows=900,
        rate=212.0,
        spread=0.28,
        task="regression",
        outcome_window_days=2,
        segments=("Lille", "Nantes", "Toulouse"),
    ),
    DemoModel(
        model_id="fault-north",
        name="Network fault, north",
        description="Which network elements of the north will fail within a week.",
        team="Network",
        owner="paul.girard",
        variables="error_rate_share alarms_24h temperature_celsius -uptime_days firmware_age_days equipment_type "
        "traffic_gb_24h vendor -signal_dbm",
        entity="N",
        rows=420,
        rate=0.06,
        spread=1.3,
        outcome_window_days=7,
        segments=("access", "transport"),
    ),
    DemoModel(
        model_id="fault-south",
        name="Network fault, south",
        description="Which network elements of the south will fail within a week.",
        team="Network",
        owner="paul.girard",
        variables="error_rate_share alarms_24h -uptime_days temperature_celsius firmware_age_days equipment_type "
        "traffic_gb_24h vendor rain_mm_24h",
        entity="N",
        rows=450,
        rate=0.06,
        spread=1.3,
        outcome_window_days=7,
        segments=("access", "transport"),
    ),
    DemoModel(
        model_id="fault-core",
        name="Network fault, core",
        description="Which elements of the core network need a visit within a month.",
        team="Network",
        owner="claire.dubois",
        variables="error_rate_share temperature_celsius firmware_age_days alarms_24h -uptime_days vendor "
        "traffic_gb_24h customers_connected",
        entity="K",
        rows=1800,
        rate=0.08,
        cadence="P7D",
        cohort="batch",
        segments=("routing", "transport"),
    ),
    DemoModel(
        model_id="visit-duration",
        name="Technician visit, duration",
        description="How many minutes a visit will take. Fills the technicians' days.",
        team="Field",
        owner="marc.fontaine",
        variables="job_type floors -technician_years equipment_type previous_visits_12m customers_connected travel_km "
        "slot region",
        entity="V",
        rows=400,
        rate=74.0,
        spread=0.3,
        task="regression",
        outcome_window_days=3,
        segments=("own staff", "partner"),
    ),
    DemoModel(
        model_id="site-energy",
        name="Energy of radio sites",
        description="Kilowatt-hours a radio site will use in a week. A site far above it is sent a technician.",
        team="Network",
        owner="claire.dubois",
        variables="antennas traffic_gb_24h temperature_celsius cooling_age_years floor_area_m2 vendor "
        "customers_connected region",
        entity="S",
        rows=1600,
        rate=940.0,
        spread=0.35,
        task="regression",
        cadence="P7D",
        cohort="batch",
        outcome_window_days=10,
        segments=("urban", "rural"),
    ),
    DemoModel(
        model_id="complaint-escalation",
        name="Complaint, escalation",
        description="Which complaints will go to the regulator unless somebody calls back.",
        team="Care",
        owner="hugo.petit",
        variables="complaints_12m wait_seconds calls_to_care_90d fault_tickets_12m dropped_calls_share -tenure_months "
        "arpu_eur age_years queue region",
        entity="F",
        rows=360,
        rate=0.10,
        outcome_window_days=21,
    ),
)
