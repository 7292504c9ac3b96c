"""Audits of places for play: the form, what was answered, what that is worth, and whether two auditors agree."""
