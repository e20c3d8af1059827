"""What a log line carries besides its message: the request it belongs to."""

import logging
from contextvars import ContextVar

# "-" outside a request. Set by marketplace.middleware.RequestId.
request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Gives each record `request_id`, so that a line can be found again from a problem's answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True
