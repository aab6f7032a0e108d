"""The link in a mail: names a shop and a contact, cannot be guessed, and ends. Pure; nothing personal in it.

URL-safe Base64 of 16 bytes shop, 16 bytes interaction, 4 bytes last second, 16 bytes HMAC-SHA-256 over these
under a key of its own. Whoever has the link may give the one answer: no login, no cookie.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from mailroom.surveys.errors import LinkUnknown
from mailroom.surveys.values import VALID_FOR
from nanori.settings import derived_key

PATH = "/feedback/"
_ID, _TIME, _SEAL = 16, 4, 16
_LENGTH = 2 * _ID + _TIME + _SEAL


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link says."""

    tenant_id: UUID
    interaction_id: UUID
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads links of one installation."""

    secret_key: str
    public_url: str

    def url(self, tenant_id: UUID, interaction_id: UUID, *, now: datetime) -> str:
        """Where the shopper answers, until :data:`VALID_FOR` from ``now``."""
        return self.public_url.rstrip("/") + PATH + self.token(tenant_id, interaction_id, now=now)

    def token(self, tenant_id: UUID, interaction_id: UUID, *, now: datetime) -> str:
        ends_at = int((now + VALID_FOR).timestamp())
        said = tenant_id.bytes + interaction_id.bytes + ends_at.to_bytes(_TIME)
        return base64.urlsafe_b64encode(said + self._seal(said)).decode().rstrip("=")

    def read(self, token: str) -> Asked:
        """What we once sealed; ended or not.

        Raises:
            LinkUnknown: it is none of ours, or was changed.
        """
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise LinkUnknown from None
        said, seal = raw[:-_SEAL], raw[-_SEAL:]
        if len(raw) != _LENGTH or not hmac.compare_digest(self._seal(said), seal):
            raise LinkUnknown
        ends_at = datetime.fromtimestamp(int.from_bytes(said[2 * _ID :]), UTC)
        return Asked(UUID(bytes=said[:_ID]), UUID(bytes=said[_ID : 2 * _ID]), ends_at)

    def _seal(self, said: bytes) -> bytes:
        key = derived_key(self.secret_key, "links to surveys")
        return hmac.digest(key.encode(), said, hashlib.sha256)[:_SEAL]
