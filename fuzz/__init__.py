"""Bytes that nobody thought of, for every reader of tokens and credentials: `make fuzz`."""
