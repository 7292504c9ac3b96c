"""Refusals of Token Status Lists."""

from ruangaman.site.catalogue import Entry

OF_STATUS_LISTS: dict[str, Entry] = {}
