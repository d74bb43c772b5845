"""Counting a request in several windows at once: exact, and in one round trip to Redis.

django-ratelimit by itself would ask Redis three times for each window. It still says which
windows there are, when they end and what their counters are called: its cache is NamingCache,
and what that is told to add is counted here.
"""

from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache

# Counters are counted until one is over its limit; those after it are only read.
COUNT = """
local counts, is_over = {}, false
for i, key in ipairs(KEYS) do
    local limit, lifetime = tonumber(ARGV[2 * i - 1]), ARGV[2 * i]
    if is_over then
        counts[i] = tonumber(redis.call('GET', key) or 0)
    else
        counts[i] = redis.call('INCR', key)
        if counts[i] == 1 then redis.call('EXPIRE', key, lifetime) end
        is_over = counts[i] > limit
    end
end
return counts
"""


@dataclass(frozen=True)
class Counter:
    """The counter of one window. lifetime: seconds."""

    key: str
    limit: int
    lifetime: int


class NamingCache(BaseCache):
    """What django-ratelimit takes for its cache. Each thread has its own, as of any cache."""

    def __init__(self, location: str, params: dict[str, Any]):
        super().__init__(params)
        self.added = ("", 0)  # key and seconds to live of the last counter

    def add(self, key: str, value: Any, timeout: Any = None, version: Any = None) -> bool:
        self.added = (key, timeout)
        return True


def count(counters: list[Counter]) -> list[int]:
    """Count one request in each counter until one is over its limit. Return what all are at.

    Raises redis.exceptions.RedisError.
    """
    return _count_in_redis(counters) if settings.REDIS_URL else _count_in_memory(counters)


if settings.REDIS_URL:
    _script = redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_OPTIONS).register_script(
        COUNT
    )


def _count_in_redis(counters: list[Counter]) -> list[int]:
    arguments = [figure for counter in counters for figure in (counter.limit, counter.lifetime)]
    counts: list[int] = _script(keys=[counter.key for counter in counters], args=arguments)
    return counts


def _count_in_memory(counters: list[Counter]) -> list[int]:
    counts = []
    is_over = False
    for counter in counters:
        cache.add(counter.key, 0, counter.lifetime)
        counts.append(cache.get(counter.key) if is_over else cache.incr(counter.key))
        is_over = is_over or counts[-1] > counter.limit
    return counts
