"""Webhooks over HTTP: one POST, to a checked address, without redirects, in a time nobody stretches."""

import http.client
import io
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings

from hosting.adapters import addresses

SECONDS = 15
# More than this is never read, of head and body together.
MAX_ANSWER_BYTES = 64 * 1024
USER_AGENT = "mining-hotels-webhooks/1"


@dataclass(frozen=True)
class Answer:
    """What came of one try: the status, or without one a code that says why there is none."""

    status: int | None
    error: str = ""
    ms: int = 0


class Sender(Protocol):
    """Sends one message. Never raises for what the other side does."""

    def send(self, *, url: str, body: bytes, headers: dict[str, str]) -> Answer: ...


@dataclass
class Fake:
    """Sends nothing: keeps what it was given, and answers what it was told to, at last 204."""

    answers: list[Answer] = field(default_factory=list)
    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def send(self, *, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.sent.append((url, body, headers))
        return self.answers.pop(0) if self.answers else Answer(204)


class OverHttp:
    """Sends over HTTP. `allows_loopback` is for development and tests: a receiver on the same machine."""

    def __init__(
        self,
        *,
        allows_loopback: bool = False,
        resolver: addresses.Resolve = addresses.resolve,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.allows_loopback = allows_loopback
        self.resolver = resolver
        self.tls = tls or ssl.create_default_context()
        self.seconds = seconds

    def send(self, *, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """POST the body. The whole of it, from the connection to the answer, has `seconds`."""
        began = time.monotonic()
        status, error = None, ""
        try:
            status = self._post(url, body, headers)
        except addresses.Refused as refused:
            error = refused.code
        except TimeoutError:
            error = "timeout"
        except ssl.SSLError:
            error = "tls"
        except http.client.HTTPException:
            error = "bad_answer"
        except OSError:
            error = "unreachable"
        return Answer(status=status, error=error, ms=int((time.monotonic() - began) * 1000))

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        deadline = time.monotonic() + self.seconds
        target = addresses.parse(url, allows_loopback=self.allows_loopback)
        numbers = addresses.checked(target, resolver=self.resolver, allows_loopback=self.allows_loopback)
        with self._connected(target, numbers, deadline) as connected:
            standard = 443 if target.is_tls else 80
            # The connection stands already, to the number that was checked: the name only goes into Host.
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.default_port = standard
            connection.auto_open = 0
            connection.sock = connected
            connected.settimeout(_left(deadline))
            connection.request(
                "POST",
                target.path,
                body,
                {
                    **headers,
                    "Content-Type": "application/json",
                    "User-Agent": USER_AGENT,
                    "Connection": "close",
                },
            )
            return _status(connected, deadline)

    def _connected(self, target: addresses.Target, numbers: list[str], deadline: float) -> socket.socket:
        """A connection to the first of the numbers that takes one. Raises OSError."""
        refusal: OSError = OSError("no address")
        for number in numbers:
            try:
                plain = socket.create_connection((number, target.port), timeout=_left(deadline))
            except OSError as error:
                refusal = error
                continue
            if not target.is_tls:
                return plain
            try:
                plain.settimeout(_left(deadline))
                return self.tls.wrap_socket(plain, server_hostname=target.host)
            except OSError:
                plain.close()
                raise
        raise refusal


def _left(deadline: float) -> float:
    """Seconds that are left. Raises TimeoutError when none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Incoming(io.RawIOBase):
    """What comes in: at most MAX_ANSWER_BYTES, and nothing after the deadline, however slowly it drips."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self.connected, self.deadline, self.left = connected, deadline, MAX_ANSWER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self.left:
            return 0
        self.connected.settimeout(_left(self.deadline))
        count = self.connected.recv_into(buffer, min(len(buffer), self.left))
        self.left -= count
        return count

    def makefile(self, mode: str) -> io.BufferedReader:
        """As a socket's own, which is all that the parser asks of one."""
        return io.BufferedReader(self)


def _status(connected: socket.socket, deadline: float) -> int:
    """The status of the answer. The rest of it is taken off the line, so that the other side can finish its
    sentence, and thrown away: nothing it says goes into our log."""
    incoming = _Incoming(connected, deadline)
    answer = http.client.HTTPResponse(incoming, method="POST")  # type: ignore[arg-type]  # not a socket
    answer.begin()
    status = answer.status
    try:
        answer.read(incoming.left)
    except (OSError, http.client.HTTPException):
        # The status has been said: how the body ends changes nothing.
        return status
    return status


def sender() -> Sender:
    """What sends here. Loopback only where settings allow it."""
    return OverHttp(allows_loopback=settings.WEBHOOKS_ALLOW_LOOPBACK)
