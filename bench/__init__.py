"""Measurements beside peers and limits: `make bench`. Nothing here is part of the product."""
