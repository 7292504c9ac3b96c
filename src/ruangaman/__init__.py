"""Ruang Aman: a country's child-protection law, made to work in practice."""
