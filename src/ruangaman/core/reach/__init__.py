"""Who reaches what on foot: street graph, search, coverage, siting. Pure; numpy and numba."""
