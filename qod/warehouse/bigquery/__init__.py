"""The tables in BigQuery."""
