"""The KLA scorecard of a city: indicators and levels as data, weights that may be unknown, scores as ranges."""
