"""How often is too often: every rate limit of Punctual, per address and per account."""

import enum
import logging
import time
from dataclasses import dataclass
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from limits.storage import StorageTypes, storage_from_string

from punctual.gateway.counters import Counters
from punctual.gateway.errors import RateLimited

log = logging.getLogger(__name__)
STORAGE_SECONDS = 0.25
FALLBACK_SECONDS = 5.0


class Rate(enum.Enum):
    """What a request counts as."""

    SIGN_UP = "sign-up"
    SIGN_IN = "sign-in"
    WRITE = "write"
    READ = "read"
    STREAM = "stream"
    PAGE = "page"
    UNLIMITED = "unlimited"


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests in one minute: from one address, and of one account."""

    address: RateLimitItem
    account: RateLimitItem


def _per_minute(*, address: int, account: int) -> Limits:
    return Limits(RateLimitItemPerMinute(address), RateLimitItemPerMinute(account))


# An office shares one address, so an address may do more than an account. Guessing passwords is stopped by
# auth, per account; SIGN_IN bounds what one address can try, and leaves room for an office's refresh tokens.
LIMITS = {
    Rate.SIGN_UP: _per_minute(address=30, account=10),
    Rate.SIGN_IN: _per_minute(address=60, account=10),
    Rate.WRITE: _per_minute(address=3_000, account=600),
    Rate.READ: _per_minute(address=12_000, account=3_000),
    Rate.STREAM: _per_minute(address=600, account=30),
    # The gateway knows no account behind a page: the dashboard reads its own cookie.
    Rate.PAGE: _per_minute(address=6_000, account=600),
}


class RateLimiter:
    """Counts requests in windows of a minute; in memory, or in Redis when several gateways share the counts.

    While Redis is away, each gateway counts for itself: nobody is locked out, and the door isn't open either.
    """

    def __init__(self, storage: str) -> None:
        self._local = FixedWindowRateLimiter(Counters())
        self._shared = None if storage.startswith("memory") else FixedWindowRateLimiter(_redis(storage))
        self._shared_again_at = 0.0

    async def admit_address(self, rate: Rate, address: str) -> None:
        """Count a request from an address. Raises RateLimited."""
        if rate is not Rate.UNLIMITED:
            await self._admit(LIMITS[rate].address, f"{rate.value}-address", address)

    async def admit_account(self, rate: Rate, account: UUID | None) -> None:
        """Count a request of an account. Raises RateLimited."""
        if rate is not Rate.UNLIMITED:
            await self._admit(LIMITS[rate].account, f"{rate.value}-account", str(account))

    async def close(self) -> None:
        """Close the connections to a shared storage."""
        # The library itself has no way to close what it opened.
        if self._shared is not None:
            await self._shared.storage.bridge.storage.aclose()  # type: ignore[attr-defined]

    async def _admit(self, limit: RateLimitItem, policy: str, who: str) -> None:
        if self._shared is not None and time.monotonic() >= self._shared_again_at:
            try:
                return await _count(self._shared, limit, policy, who)
            except (StorageError, OSError) as error:
                self._shared_again_at = time.monotonic() + FALLBACK_SECONDS
                log.warning("The rate limits' storage is away; counting in this process: %s", error)
        return await _count(self._local, limit, policy, who)


async def _count(limiter: FixedWindowRateLimiter, limit: RateLimitItem, policy: str, who: str) -> None:
    if await limiter.hit(limit, policy, who):
        return
    reset_at, remaining = await limiter.get_window_stats(limit, policy, who)
    seconds = max(1, round(reset_at - time.time() + 0.5))
    headers = {
        "Retry-After": str(seconds),
        "RateLimit": f'"{policy}";r={max(remaining, 0)};t={seconds}',
        "RateLimit-Policy": f'"{policy}";q={limit.amount};w={limit.get_expiry()}',
    }
    raise RateLimited(f"{limit.amount} {policy} requests in a minute is the most; try again in {seconds} s.", headers)


def _redis(storage: str) -> StorageTypes:
    return storage_from_string(
        f"async+{storage}",
        implementation="redispy",
        wrap_exceptions=True,
        socket_timeout=STORAGE_SECONDS,
        socket_connect_timeout=STORAGE_SECONDS,
    )
