"""What several rules share: windows, votes, thresholds, how a change arrived, and the words for it."""
