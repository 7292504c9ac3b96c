"""Audits of places: opened, answered apart, compared, decided; certificates and repairs."""
