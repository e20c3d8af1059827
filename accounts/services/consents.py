"""Consent: which version of the terms and of the privacy notice a person accepted."""

from datetime import datetime

from accounts.models import Consent, Paper, User

# The versions in force. Raise a number with the text, and everybody who signs in is asked again.
VERSIONS: dict[str, int] = {Paper.TERMS: 1, Paper.PRIVACY: 1}


def missing(*, user: User) -> list[str]:
    """The papers whose version in force the person has not accepted, in the order of VERSIONS."""
    accepted = set(Consent.objects.filter(user=user).values_list("document", "version"))
    return [document for document, version in VERSIONS.items() if (document, version) not in accepted]


def accept(*, user: User, now: datetime) -> None:
    """Write down that the person accepts every paper in force. What was accepted before stays as it was."""
    Consent.objects.bulk_create(
        [
            Consent(user=user, document=document, version=version, at=now)
            for document, version in VERSIONS.items()
        ],
        ignore_conflicts=True,
    )
