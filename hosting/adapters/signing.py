"""Signing, by the Standard Webhooks (standardwebhooks.com): symmetric, v1."""

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

PREFIX = "whsec_"
# The standard asks for 24 to 64 bytes.
SECRET_BYTES = 32


def new_secret() -> str:
    """A new random secret, "whsec_" and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(*, keys: Iterable[str], message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The three headers of a message, with one signature for each secret, parted by spaces."""
    at = at.astimezone(UTC)
    signatures = [Webhook(key).sign(msg_id=message_id, timestamp=at, data=body) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
