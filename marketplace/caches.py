"""The cache, which nobody may wait for: when its server is away, nothing is found and nothing is kept."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# After a failure the server is not asked again for so long.
PAUSE_SECONDS = 5


def failing_open(name: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """The method of RedisCache, giving `otherwise(...)` of the same arguments while the server is away."""
    asked = getattr(RedisCache, name)

    @wraps(asked)
    def method(self: "FailOpenRedis", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < type(self).away_until:
            return otherwise(*args, **kwargs)
        try:
            return asked(self, *args, **kwargs)
        except RedisError:
            type(self).away_until = time.monotonic() + PAUSE_SECONDS
            return otherwise(*args, **kwargs)

    return method


class FailOpenRedis(RedisCache):
    """Limits count here. Without its server they do not count, and people can still sign in."""

    away_until = 0.0

    get = failing_open("get", lambda key, default=None, version=None: default)
    get_many = failing_open("get_many", lambda keys, version=None: {})
    has_key = failing_open("has_key", lambda key, version=None: False)
    # "Added": whoever takes a lock this way goes on.
    add = failing_open("add", lambda *args, **kwargs: True)
    set = failing_open("set", lambda *args, **kwargs: None)
    set_many = failing_open("set_many", lambda *args, **kwargs: [])
    touch = failing_open("touch", lambda *args, **kwargs: False)
    delete = failing_open("delete", lambda *args, **kwargs: False)
    delete_many = failing_open("delete_many", lambda *args, **kwargs: None)
    clear = failing_open("clear", lambda *args, **kwargs: False)
