"""The guards of retraining, one file each."""
