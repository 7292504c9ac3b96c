"""Kota Melati, a small drawn city: its drawing, and what `ruangaman city build` found out about it."""
