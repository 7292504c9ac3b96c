"""The story: a house with Sari's family in it, to be walked through by hand and by the tests. No real data."""
