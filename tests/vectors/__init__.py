"""Vectors that others publish, read by our own code: `make vectors DIR=...`."""
