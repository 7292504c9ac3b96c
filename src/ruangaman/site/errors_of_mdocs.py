"""Refusals of CBOR, COSE, X.509 chains and mdoc."""

from ruangaman.site.catalogue import Entry

OF_MDOCS: dict[str, Entry] = {}
