"""Document: handed in, checked by content, reviewed, taken back. Nothing is believed that a client says."""

import hashlib
import unicodedata
import uuid
from datetime import date, datetime

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts.models import Document, DocumentKind, Organization, Review, User, Verification
from accounts.services import events, lifecycle, staff
from accounts.services.errors import Conflict, Invalid

MAX_BYTES = 10_000_000
# How a file of each type begins. What its name or its sender calls it counts for nothing.
BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}
# While staff looks, or has looked, the dossier stays as it was handed in.
OPEN_DOSSIER = (
    Verification.UNVERIFIED, Verification.INFO_NEEDED, Verification.REJECTED, Verification.EXPIRED,
)  # fmt: skip


class AlreadyHandedIn(Conflict):
    """The same bytes are in the dossier."""

    code = "already_handed_in"
    field = "file"
    message = _("This very file is in your dossier already.")


class Fixed(Conflict):
    """The paper is part of what staff decides, or decided, about; or a licence rests on it."""

    code = "document_is_fixed"
    message = _("This paper can't be taken back: staff decides about it, or a licence rests on it.")


def hand_in(
    *,
    organization: Organization,
    kind: str,
    file: File,
    expires_on: date | None = None,
    id: uuid.UUID | None = None,
    by: User,
    now: datetime,
) -> Document:
    """Keep a paper. The same id again gives the row of the first time. Raises Invalid or AlreadyHandedIn."""
    earlier = organization.documents.filter(pk=id).first() if id else None
    if earlier:
        return earlier
    if kind not in DocumentKind.values:
        raise Invalid({"kind": [_("Choose what it is.")]})
    if expires_on and expires_on <= now.date():
        raise Invalid({"expires_on": [_("This paper no longer holds.")]})
    document = Document(
        id=id or uuid.uuid4(),
        organization=organization,
        kind=kind,
        name=shown_name(file.name or ""),
        content_type=checked_type(file),
        size_bytes=file.size,
        sha256=fingerprint(file),
        expires_on=expires_on,
        created_at=now,
        updated_at=now,
    )
    document.file.save("", file, save=False)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            events.changed(document, code="handed_in", at=now, by=by, on_behalf_of=organization.pk)
    except IntegrityError as error:
        document.file.delete(save=False)
        raise AlreadyHandedIn from error
    return document


def checked_type(file: File) -> str:
    """The media type, by what the file contains. Raises Invalid if it is too big, empty or something else."""
    if file.size > MAX_BYTES:
        raise Invalid({"file": [_("The file is larger than 10 MB.")]})
    file.seek(0)
    beginning = file.read(16)
    found = next((name for begins, name in BEGINNINGS if beginning.startswith(begins)), "")
    if not found or (found in PICTURES and not _is_picture(file, PICTURES[found])):
        raise Invalid({"file": [_("Only PDF, PNG and JPEG files are taken, and this is none of them.")]})
    return found


def _is_picture(file: File, format: str) -> bool:
    file.seek(0)
    try:
        with Image.open(file, formats=[format]) as picture:
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def fingerprint(file: File) -> str:
    """SHA-256 of the content, in hexadecimal."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def shown_name(name: str) -> str:
    """The last part of the name it came with, as plain text: no folder, no control or direction mark."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    return plain[-200:] or "document"


def take_back(*, document: Document, by: User, now: datetime) -> None:
    """Remove a paper nobody has looked at. The file goes once the row is gone for good. Raises Fixed."""
    organization = document.organization
    with transaction.atomic():
        rows = Organization.objects.select_for_update(of=("self",), no_key=True)
        is_open = rows.get(pk=organization.pk).verification in OPEN_DOSSIER
        if not is_open or document.review != Review.SUBMITTED or document.licences.exists():
            raise Fixed
        events.changed(document, code="taken_back", at=now, by=by, on_behalf_of=organization.pk)
        storage, name = document.file.storage, str(document.file.name)
        document.delete()
        transaction.on_commit(lambda: storage.delete(name))


def review(*, document: Document, to: str, by: User, why: str, now: datetime) -> None:
    """Staff says of a paper whether it counts. The organization reads why."""
    staff.only(by)
    reason = staff.reason(why)
    lifecycle.move(document, to=to, at=now, by=by, on_behalf_of=document.organization_id, why=reason)
