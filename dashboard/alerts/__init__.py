"""Alerts: what changed, told to whoever answers for it, once."""
