"""Counters in Redis, gone by themselves. Nobody waits for them: while Redis is away nothing is counted."""

import logging
import time
from collections.abc import Mapping
from functools import lru_cache

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 1
# After a failure the server is not asked again for so long.
PAUSE_SECONDS = 5


class Counters:
    """The counters behind one Redis address."""

    def __init__(self, url: str) -> None:
        timeouts = {"socket_timeout": TIMEOUT_SECONDS}
        if not url.startswith("unix:"):
            timeouts["socket_connect_timeout"] = TIMEOUT_SECONDS
        self._server = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **timeouts)
        self.away_until = 0.0

    def count(self, lasting: Mapping[str, int]) -> list[int] | None:
        """Raise each counter by one, and give what they stand at. `lasting` maps a key to the seconds it is
        kept. None if the server is away: once a pause that is a line in the log."""
        if time.monotonic() < self.away_until:
            return None
        try:
            with self._server.pipeline(transaction=False) as pipe:
                for key, seconds in lasting.items():
                    pipe.incr(key)
                    pipe.expire(key, seconds)
                return [int(one) for one in pipe.execute()[::2]]
        except (RedisError, OSError) as error:
            self.away_until = time.monotonic() + PAUSE_SECONDS
            log.warning("calls are not counted for %s s: %s", PAUSE_SECONDS, error)
            return None


@lru_cache(maxsize=4)
def at(url: str) -> Counters:
    """The counters behind this address; one connection pool for a process."""
    return Counters(url)
