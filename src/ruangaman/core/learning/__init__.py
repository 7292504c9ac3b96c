"""Lessons and what they teach: the course model, its checks, plain language, and measuring. Pure."""
