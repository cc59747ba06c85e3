"""How much one visitor may ask for."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from bot.pages.refusals import TooMany


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and then so many a second, of requests or of bytes."""

    burst: int
    per_second: float


class TokenBuckets:
    """A bucket for each key, in memory: the least recently used are dropped beyond `capacity`."""

    def __init__(self, rate: Rate, *, capacity: int = 20_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._capacity = capacity
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → tokens, when

    def take(self, key: str, wanted: float = 1) -> None:
        """Take tokens of the key's bucket; raise `TooMany` with the seconds to wait if it holds fewer."""
        now = self._clock()
        tokens, then = self._buckets.pop(key, (float(self._rate.burst), now))
        tokens = min(self._rate.burst, tokens + (now - then) * self._rate.per_second)
        enough = tokens >= wanted
        self._buckets[key] = (tokens - wanted if enough else tokens, now)
        if len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)
        if not enough:
            raise TooMany((wanted - tokens) / self._rate.per_second)


class Slots:
    """So many at the same time for each key, such as open streams."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: Counter[str] = Counter()

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Hold one while the block runs; raise `TooMany` if all are taken."""
        if self._held[key] >= self._limit:
            raise TooMany(30)
        self._held[key] += 1
        try:
            yield
        finally:
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]


class Store:
    """So much at the same time of all together, such as bytes in memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    @contextmanager
    def account(self) -> Iterator[Callable[[int], None]]:
        """Yield what takes more of it, which is given back as the block ends; it raises `TooMany` if none is left."""
        mine = 0

        def take(amount: int) -> None:
            nonlocal mine
            if self._held + amount > self._limit:
                raise TooMany(10)
            mine += amount
            self._held += amount

        try:
            yield take
        finally:
            self._held -= mine


def network_of(address: str) -> str:
    """Return what one household or firm shares: the address itself, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
