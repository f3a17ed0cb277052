"""How fast the page is answered: per process, by link and by whoever asks."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

Wait = Callable[[str], int | None]
_HOME = 64
"""How many bits of an IPv6 address are one household's; the rest is theirs to choose."""


class Pace:
    """Counts requests; each method says how many seconds to wait, None to go on."""

    def __init__(self, of_link: str = "30/minute", of_address: str = "120/minute") -> None:
        self._counter = FixedWindowRateLimiter(MemoryStorage())
        self._of_link, self._of_address = parse(of_link), parse(of_address)

    def of_link(self, survey_id: int, contact_id: int) -> int | None:
        """One more thing said behind a link."""
        return self._wait(self._of_link, f"link:{survey_id}:{contact_id}")

    def of_address(self, host: str) -> int | None:
        """One more request from an address."""
        return self._wait(self._of_address, f"address:{_household(host)}")

    def _wait(self, most: RateLimitItem, whose: str) -> int | None:
        if self._counter.hit(most, whose):
            return None
        return max(1, ceil(self._counter.get_window_stats(most, whose).reset_time - time()))


def _household(host: str) -> str:
    try:
        found = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((found, _HOME), strict=False)) if isinstance(found, IPv6Address) else host
