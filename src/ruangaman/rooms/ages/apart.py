"""
Two hosts of one house: people prove an age, log in and fetch cards at the one, platforms call the other (0098).

Whoever sees the calls at one of them cannot lay those of the other beside them, and no cookie goes to both. Where
`RUANGAMAN_ISSUER_URL` is not set there is one host, and nothing here does anything.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

from ruangaman.rooms.ages import config

WAY_BACK: Final = "kembali"
_SALT: Final = "ages.way-back"
_GOOD_S: Final = 3600


WayBack = Callable[[UUID], str | None]
_ways_back: list[WayBack] = []


def ways_back_from(port: WayBack) -> None:
    """Hand in, once, who knows where an account's page leads back to (docs/adr/0081)."""
    if port not in _ways_back:
        _ways_back.append(port)


def way_back(ref: UUID) -> str | None:
    """The address that the platform of this account registered and named; asked each time, since it may be struck."""
    return next((url for url in (port(ref) for port in _ways_back) if url), None)


def second_host() -> str:
    """The other host, by which the directory comes too; empty where there is one host alone."""
    return config.base_url() if config.apart() else ""


def with_way_back(url: str, path: str) -> str:
    """The page of a check, which leads back to `path` at the platforms' host when it is done; signed by the house."""
    if not config.apart():
        return url
    said = urlencode({WAY_BACK: signing.dumps(path, salt=_SALT)})
    return f"{url}{'&' if '?' in url else '?'}{said}"


def remember(request: HttpRequest, slug: str) -> None:
    """Keep in this browser's session where the page that is asked for leads back to, when the house itself said so."""
    said = request.GET.get(WAY_BACK)
    if said is None or not config.apart():
        return
    try:
        path = signing.loads(said, salt=_SALT, max_age=_GOOD_S)
    except signing.BadSignature:
        return
    kept = dict(request.session.get(WAY_BACK, {}))
    request.session[WAY_BACK] = {**kept, slug: config.base_url() + str(path)}
