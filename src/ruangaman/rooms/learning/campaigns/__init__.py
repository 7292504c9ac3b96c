"""Campaigns: who makes them, what they want, which groups are taught first, what is said, and whom they reached."""
