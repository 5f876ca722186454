"""The targets of retraining, one file each."""
