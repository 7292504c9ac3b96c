"""How far people walk: the graph of streets, and searches in it."""
