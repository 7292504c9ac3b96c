"""A small wallet of digital identities for the story: it shows one claim, "this age or over", by OpenID4VP 1.0."""
