"""
Age proofs: bytes in, verdict out.

Every reader here bounds size and depth before it parses, takes the time as an argument, and refuses with a subclass of
`CredentialError` and nothing else, whatever the bytes are.
"""
