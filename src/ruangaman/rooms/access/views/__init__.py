"""The addresses under /v1, one module for each thing."""
