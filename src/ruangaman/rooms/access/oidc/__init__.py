"""The OpenID Provider (docs/guides/oidc.md): OpenID Connect Core 1.0, code flow alone, on django-allauth's."""
