"""
The parts of django-allauth that this provider is built on, imported here and nowhere else.

Its module for client documents fetched from the web (`cimd`) imports `requests`, which its own extra `idp-oidc` does
not bring along. Nothing of it is used here (`IDP_OIDC_CIMD_ENABLED` is off, and a client is added by hand alone), so an
empty module stands in while it is imported: this house has one way out, and that is `adapters/http_out`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

MISSING = "requests"


@contextmanager
def _without_another_way_out() -> Iterator[None]:
    if MISSING in sys.modules or find_spec(MISSING) is not None:
        yield
        return
    sys.modules[MISSING] = ModuleType(MISSING)
    try:
        yield
    finally:
        del sys.modules[MISSING]


with _without_another_way_out():
    from allauth.idp.oidc.internal.oauthlib.server import OAuthLibServer, get_server
    from allauth.idp.oidc.internal.oauthlib.utils import (
        convert_response,
        extract_params,
        get_validator_context,
    )
    from allauth.idp.oidc.views import TokenView

__all__ = [
    "OAuthLibServer",
    "TokenView",
    "convert_response",
    "extract_params",
    "get_server",
    "get_validator_context",
]
