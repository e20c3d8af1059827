"""Files that arrive: what is larger than any we take is cut off on the way, not stored and then refused."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class Limit(FileUploadHandler):
    """Stands before the handlers that store. A file past settings.UPLOAD_MAX_BYTES is skipped, and its
    field remembered in request.too_large."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.arrived_bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.arrived_bytes += len(raw_data)
        if self.arrived_bytes > settings.UPLOAD_MAX_BYTES:
            self.request.too_large = too_large(self.request) | {self.field_name}  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def too_large(request: HttpRequest | None) -> frozenset[str]:
    """The fields whose file was cut off. Read request.FILES first: only then have files arrived."""
    return getattr(request, "too_large", frozenset())
