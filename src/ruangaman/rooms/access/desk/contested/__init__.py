"""Contests of an age at the desk."""
