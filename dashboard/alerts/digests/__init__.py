"""The digest: how the models of each team stood over some days, for whoever answers for many."""
