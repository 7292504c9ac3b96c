"""Files of a form, held in memory alone: a photo is never on a disk before it is drawn anew and sealed."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ruangaman.adapters.photos import MOST_BYTES
from ruangaman.adapters.uploads import InMemory

P = ParamSpec("P")
ROOM: Final = 100_000
"""Bytes of a form beside its file."""


def up_to(
    most: int,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """A form with a file of at most so many bytes: held in memory, protected against other sites as all forms are."""

    def around(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                request.upload_handlers = [InMemory(request, most=most)]
            return protected(request, *args, **kwargs)

        return inner

    return around


def in_memory(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A form with a photo."""
    return up_to(MOST_BYTES + ROOM)(view)


def file_of(request: HttpRequest, name: str) -> bytes:
    """The bytes of a file of the form; none without one."""
    sent = request.FILES.get(name)
    return sent.read() if isinstance(sent, UploadedFile) else b""
