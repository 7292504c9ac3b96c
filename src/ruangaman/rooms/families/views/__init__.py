"""The pages of the room: HTTP in, one action or query, HTTP out."""
