"""Lessons as files, for teachers and whoever runs a learning system; no account, nothing asked."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ruangaman.adapters import clock
from ruangaman.core.learning.model import LANGUAGES, Course
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.errors import NoQuestions, NoSuchKind, NoSuchLesson
from ruangaman.rooms.learning.packs import kept, keys, kinds

NAMES = {"id": "Bahasa Indonesia", "en": "English"}


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """Which files there are, for which system; those of one audience or lesson (`?untuk=B3`, `?untuk=B3-2`)."""
    course, now = courses.course(), clock.now()
    name = request.GET.get("untuk", "")
    told: dict[str, Any] = {
        "audiences": course.scheme.audiences,
        "languages": NAMES,
        "kinds": kinds.KINDS.values(),
    }
    if name:
        try:
            lessons = kinds.lessons_of(course, name)
        except NoSuchLesson:
            raise Http404 from None
        told |= {
            "name": name,
            "who": course.scheme.audience(lessons[0]),
            "lesson": course.lessons.get(name),
            "lessons": [course.lessons[one] for one in lessons] if name not in course.lessons else [],
            "rows": [
                (kind, found)
                for kind in kinds.KINDS.values()
                if (found := _made(course, kind, name, now)) is not None
            ],
        }
    return render(request, "learning/berkas.html", told)


@require_safe
def file(request: HttpRequest, kind: str, name: str, language: str, suffix: str) -> HttpResponse:
    """One file. It is the same for everybody, and a browser that has it is told so."""
    try:
        of = kinds.kind(kind)
        if language not in LANGUAGES or suffix != of.suffix:
            raise Http404
        made = kept.file(courses.course(), of, name, language, clock.now())
    except (NoSuchKind, NoSuchLesson, NoQuestions):
        raise Http404 from None
    headers = {"ETag": f'"{made.digest}"', "Cache-Control": "public, max-age=3600"}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="pelajaran-{name}-{language}-{kind}.{suffix}"'
    return HttpResponse(made.content, content_type=of.media_type, headers=headers)


def _made(
    course: Course, kind: kinds.Kind, name: str, now: datetime
) -> list[tuple[str, kept.File | None]] | None:
    """The file of each language, made where that is quick; nothing where this kind holds nothing of these lessons."""
    try:
        return [(one, kept.file(course, kind, name, one, now) if kind.quick else None) for one in LANGUAGES]
    except NoQuestions:
        return None


@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys by which a pack is checked (RFC 7517)."""
    return JsonResponse(keys.jwks(), headers={"Cache-Control": "public, max-age=3600"})
