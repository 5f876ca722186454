"""Retraining: when it is asked for, of whom, and whether the new version may take the old one's place."""
