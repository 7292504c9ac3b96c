"""Refusals of age tokens: `core/credentials/blind_rsa.py`, `tokens.py` and their kin."""

from ruangaman.site.catalogue import Entry

OF_TOKENS: dict[str, Entry] = {}
