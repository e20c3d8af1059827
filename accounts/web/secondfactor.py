"""The second factor: how its secrets are kept."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


def lock() -> Fernet:
    """The cipher for secrets at rest; its key comes from SECRET_KEY, for this one purpose."""
    key = hashlib.sha256(b"accounts.second-factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class Keeper(DefaultMFAAdapter):
    """Who reads the database alone can't make codes: secrets are stored encrypted."""

    def encrypt(self, text: str) -> str:
        return lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return lock().decrypt(encrypted_text.encode()).decode()
