"""Secrets of others that we must be able to use again, stored so that the database alone tells nothing.

Fernet (AES-128-CBC with HMAC-SHA-256) under a key that HKDF derives from the installation's secret key for
one named purpose. Whoever names the owner in the purpose makes a copied row worthless for anybody else.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class SealBroken(Exception):  # noqa: N818 - named for the fact, like every refusal here
    """Sealed under another secret key or for another purpose, or changed since."""


def seal(secret_key: str, purpose: str, text: str) -> str:
    """The text as it may be stored; sealed twice it looks different each time."""
    return _fernet(secret_key, purpose).encrypt(text.encode()).decode()


def unseal(secret_key: str, purpose: str, sealed: str) -> str:
    """The text again.

    Raises:
        SealBroken: it cannot be opened, and never will be.
    """
    try:
        return _fernet(secret_key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken from None


def _fernet(secret_key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"sealed: {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
