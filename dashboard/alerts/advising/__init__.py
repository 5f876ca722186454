"""Advice on broken data: what to hold back now, and what mends it."""
