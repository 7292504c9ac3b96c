"""The officers' desk at /petugas/: accounts of the staff, what people wrote to an officer, and the answers."""
