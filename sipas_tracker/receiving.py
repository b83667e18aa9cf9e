"""What a request may weigh, asked before anything reads it: an upload would fill the disk long before a form refuses it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class BodyLimit:
    """Middleware that refuses bodies above REQUEST_LIMIT (with files) or DATA_UPLOAD_MAX_MEMORY_SIZE with 413.

    The length the client states is the truth: Django never reads past it, and nothing at all without one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say how much is taken."""
        stated = request.headers.get("Content-Length") or "0"
        has_files = request.content_type == "multipart/form-data"
        limit = settings.REQUEST_LIMIT if has_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if stated.isdecimal() and len(stated) < 16 and int(stated) <= limit:
            return self.get_response(request)
        words = f"Nội dung gửi lên quá lớn: mỗi lần gửi tối đa {limit // 1024 // 1024} MB."
        return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")
