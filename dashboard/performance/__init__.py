"""What came and what was expected: cohorts, measures by task, estimates and their test, segments, curves."""
