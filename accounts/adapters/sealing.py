"""Sealing: secrets that we have to read again, so that a copy of the database alone gives none away."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


class Unreadable(Exception):
    """Sealed with a SECRET_KEY that is neither in use nor among the SECRET_KEY_FALLBACKS."""


def seal(text: str) -> str:
    """The text, readable only with SECRET_KEY."""
    return seal_bytes(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Unreadable."""
    return unseal_bytes(sealed.encode()).decode()


def seal_bytes(content: bytes) -> bytes:
    """The same for any content."""
    return _keys().encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    """The content again. Raises Unreadable."""
    try:
        return _keys().decrypt(sealed)
    except InvalidToken as error:
        raise Unreadable from error


def _keys() -> MultiFernet:
    """The key in use first, then those that are going out of use."""
    return MultiFernet(
        [_key(force_bytes(one)) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: bytes) -> Fernet:
    # For this use alone: what signs sessions with the same setting opens nothing here.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"sealing:" + secret).digest()))
