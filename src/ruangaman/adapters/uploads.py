"""Files of a form, held in memory alone: what is shown to an officer never touches a disk in the clear."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class InMemory(FileUploadHandler):
    """
    Holds each file in memory, up to `most` bytes; without it, how much may come is bounded before the body is read.

    What is longer is not read on, and its form comes without files.
    """

    def __init__(self, request: HttpRequest | None = None, *, most: int | None = None) -> None:
        super().__init__(request)
        self.most = most

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece; nobody after this handler gets it."""
        if self.most is not None and start + len(raw_data) > self.most:
            raise StopUpload(connection_reset=False)
        self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file. Its name is dropped: it may name a child."""
        self._held.seek(0)
        return InMemoryUploadedFile(
            file=self._held,
            field_name=self.field_name,
            name="berkas",
            content_type="application/octet-stream",
            size=file_size,
            charset=None,
        )
