"""Who reaches what on foot: street graph, search, safe walks, coverage, siting. Pure; numpy and numba."""
