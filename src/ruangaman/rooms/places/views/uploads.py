"""Files of a form, held in memory alone: a photo is never on a disk before it is drawn anew and sealed."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, Concatenate, Final, ParamSpec

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ruangaman.adapters.photos import MOST_BYTES

P = ParamSpec("P")
ROOM: Final = 100_000
"""Bytes of a form beside its file."""


class InMemory(FileUploadHandler):
    """Holds a file in memory, up to `most` bytes; its name is dropped."""

    def __init__(self, request: HttpRequest | None = None, *, most: int = MOST_BYTES + ROOM) -> None:
        super().__init__(request)
        self.most = most

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece; nobody after this handler gets it."""
        if start + len(raw_data) > self.most:
            raise StopUpload(connection_reset=False)
        self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file."""
        self._held.seek(0)
        return InMemoryUploadedFile(
            file=self._held, field_name=self.field_name, name="foto", content_type="application/octet-stream",
            size=file_size, charset=None,
        )  # fmt: skip


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
