"""A report: the pages of a model or of the fleet as one file that needs no server and runs nothing."""
