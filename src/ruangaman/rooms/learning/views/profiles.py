"""What stands at the address by which our xAPI statements name their profile."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ruangaman.adapters import clock
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import xapi

KEPT_S = 3600


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """The profile of all lessons, JSON-LD."""
    course = courses.course()
    names = [one.id for one in course.scheme.objectives if one.id in course.lessons]
    return HttpResponse(
        xapi.make(course, names, "id", clock.now()),
        content_type="application/ld+json",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={KEPT_S}"},
    )
