"""The mayor's brief as a page, and its PDF as `ruangaman city brief` wrote it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from ruangaman.adapters import city_brief
from ruangaman.rooms.places import config, roles


@require_GET
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands on the paper, for a screen and for ears."""
    city = roles.city_of(slug)
    folder = config.folder(slug)
    about = folder / "city.json"
    if not about.is_file():
        return render(request, "places/ringkasan.html", {"city": city})
    language = "en" if get_language() == "en" else "id"
    context = {
        "city": city,
        "brief": _told(folder, about.stat().st_mtime_ns, _newest_plan(folder), language),
        "papers": [one for one in city_brief.LANGUAGES if _paper(folder, one).is_file()],
    }
    return render(request, "places/ringkasan.html", context)


@require_GET
def paper(request: HttpRequest, slug: str, language: str) -> HttpResponseBase:
    """The PDF; its address ends in `id` or `en`."""
    city = roles.city_of(slug)
    found = _paper(config.folder(slug), language)
    if language not in city_brief.LANGUAGES or not found.is_file():
        raise Http404
    return FileResponse(
        found.open("rb"), content_type="application/pdf", filename=f"{city.slug}-{language}.pdf"
    )


def _paper(folder: Path, language: str) -> Path:
    return folder / "brief" / f"brief-{language}.pdf"


def _newest_plan(folder: Path) -> int:
    return max((one.stat().st_mtime_ns for one in (folder / "plans").glob("*.json")), default=0)


@lru_cache(maxsize=8)
def _told(folder: Path, made: int, plan: int, language: str) -> dict[str, Any]:
    """Read once for each version of a city."""
    return city_brief.told(city_brief.read(folder), language)
