"""Lessons as files for other systems: each kind takes lessons and gives the bytes of one file."""
