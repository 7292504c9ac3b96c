"""Refusals of SD-JWT, JOSE, DCQL and OpenID4VP."""

from ruangaman.site.catalogue import Entry

OF_PRESENTATIONS: dict[str, Entry] = {}
