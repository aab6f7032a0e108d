"""Passwords: argon2id with OWASP's parameters, and a floor on length."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 128

HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
_ONE_AT_A_TIME = asyncio.Semaphore(2)  # 46 MiB each: logins must not eat the memory


def hashed(password: str) -> str:
    """The argon2id string to store."""
    return HASHER.hash(password)


@cache
def _nobodys_hash() -> str:
    return hashed("nobody has this password")


async def matches(password: str, stored: str | None) -> bool:
    """Check a password; an unknown account (``None``) costs as much time as a known one."""
    async with _ONE_AT_A_TIME:
        right = await asyncio.to_thread(_verify, password, stored or _nobodys_hash())
    return right and stored is not None


def _verify(password: str, stored: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
