"""
Pages that a browser keeps for times without signal: the service worker that keeps them, and the manifest.

A worker's answer is a line `const KEPT = {...};` with what it is to keep, then the worker's own text. Any change of
either is another worker to the browser, which then fetches everything anew.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static

OF_PAGES: Final = "tegel/pekerja.js"


def worker(script: str, kept: Mapping[str, Any]) -> HttpResponse:
    """The answer to a browser that asks for a worker; `script` is the name of its static file."""
    return HttpResponse(
        f"const KEPT = {json.dumps(kept)};\n{_content(script).decode()}",
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


def worker_of_pages(
    name: str,
    files: tuple[str, ...],
    *,
    pages: str,
    first: tuple[str, ...] = (),
    sounds: str = "",
    lost: str = "",
) -> HttpResponse:
    """
    The worker of pages that are the same for everybody, whichever room they are of.

    Args:
        name: of what is kept, beside what other rooms keep. files: static files without which no page is whole.
        pages: pattern of the addresses that may be kept, as JavaScript reads it.
        sounds: pattern of those of them that are many and small, and are kept apart.
        first: addresses that are kept before anybody opened them, and are never the ones that make room.
        lost: the one of them that is shown for a page that is not kept, without signal.
    """
    kept = {
        "name": name,
        "version": version((*files, OF_PAGES)),
        "files": [static(one) for one in files],
        "pages": pages,
        "first": first,
        "sounds": sounds,
        "lost": lost,
    }
    return worker(OF_PAGES, kept)


@cache
def version(files: tuple[str, ...], pages: tuple[str, ...] = ()) -> str:
    """One word for everything that is kept: static files by their names, pages as they are shown."""
    told = hashlib.sha256()
    for name in files:
        told.update(_content(name))
    for page in pages:
        told.update(page.encode())
    return told.hexdigest()[:20]


def manifest(
    start: str, *, name: str, short: str, language: str, ground: str, scope: str = ""
) -> HttpResponse:
    """What a phone shows of pages that were put among its programs; without a scope, they are those below `start`."""
    told = {
        "name": name,
        "short_name": short,
        "lang": language,
        "id": start,
        "start_url": start,
        "scope": scope or start,
        "display": "standalone",
        "background_color": ground,
        "theme_color": "#0A5F63",
        "icons": [{"src": static("tegel/logo.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return HttpResponse(json.dumps(told), content_type="application/manifest+json")


@cache
def _content(name: str) -> bytes:
    """Of a static file; the process and its files end together."""
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()
