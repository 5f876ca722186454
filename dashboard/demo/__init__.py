"""A simulated telecom operator's fleet with scripted incidents: something to look at, and something to test against."""
