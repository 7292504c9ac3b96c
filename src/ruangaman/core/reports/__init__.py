"""Reports and ideas of a city: rough places, what is held back, clocks, what may be the same. Pure."""
