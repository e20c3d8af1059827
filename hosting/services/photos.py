"""Photos of a site: what is uploaded is looked into, painted anew and stored under a random name.

Nothing of the uploaded file survives but its pixels: no name, no EXIF, no position.
"""

import hashlib
import io
import uuid
import warnings
from datetime import datetime
from functools import partial
from typing import IO, NoReturn

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.models import User
from accounts.services import events
from accounts.services.errors import Conflict, Invalid
from hosting.models import Site, SitePhoto
from hosting.services import capacity

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MIN_SIDE_PX = 200
# The longer side of what is stored.
STORED_SIDE_PX = 2000
QUALITY = 85
PER_SITE = 12
FORMATS = ("JPEG", "PNG", "WEBP")


class TooMany(Conflict):
    """A site shows a dozen pictures at most."""

    code = "too_many_photos"
    message = _("A site has at most %(most)s photos. Remove one first.")


def add(*, site: Site, file: IO[bytes] | None, by: User, now: datetime) -> SitePhoto:
    """Add a picture (JPEG, PNG or WebP). The same picture again gives the photo that is there.

    Raises Invalid (field "photo") or TooMany.
    """
    uploaded = file.read(MAX_BYTES + 1) if file else b""
    if not uploaded:
        _refuse(_("Choose a picture."))
    if len(uploaded) > MAX_BYTES:
        _refuse(_("The picture is larger than 10 MB."))
    digest = hashlib.sha256(uploaded).hexdigest()
    there = site.photos.filter(uploaded_sha256=digest).first()
    if there is not None:
        return there
    painted, size_px = _repaint(uploaded)
    name = default_storage.save(f"photos/{uuid.uuid4().hex}.jpg", ContentFile(painted))
    try:
        return _insert(site=site, name=name, painted=painted, size_px=size_px, digest=digest, by=by, now=now)
    except IntegrityError:
        # Two tabs, one picture: the first one's stays.
        default_storage.delete(name)
        return site.photos.get(uploaded_sha256=digest)
    except BaseException:
        default_storage.delete(name)
        raise


def _insert(
    *, site: Site, name: str, painted: bytes, size_px: tuple[int, int], digest: str, by: User, now: datetime
) -> SitePhoto:
    with transaction.atomic():
        locked = capacity.lock_site(site_id=site.pk)
        if locked.photos.count() >= PER_SITE:
            raise TooMany(most=PER_SITE)
        photo = SitePhoto.objects.create(
            site=locked,
            file=name,
            width_px=size_px[0],
            height_px=size_px[1],
            size_bytes=len(painted),
            uploaded_sha256=digest,
            created_at=now,
            created_by=by.pk,
        )
        events.changed(locked, code="photo_added", at=now, by=by, on_behalf_of=locked.host_id)
    return photo


def remove(*, photo: SitePhoto, by: User, now: datetime) -> None:
    """Take a picture away, and its file once that is certain."""
    site = photo.site
    with transaction.atomic():
        deleted, _rows = SitePhoto.objects.filter(pk=photo.pk).delete()
        if deleted:
            events.changed(site, code="photo_removed", at=now, by=by, on_behalf_of=site.host_id)
            transaction.on_commit(partial(default_storage.delete, photo.file), robust=True)


def _repaint(uploaded: bytes) -> tuple[bytes, tuple[int, int]]:
    """(JPEG bytes without metadata, its width and height) of what was uploaded, or Invalid."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of pictures that unfold to an absurd size; here that is an error.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(uploaded), formats=FORMATS) as picture:
                _check_size(picture)
                upright = ImageOps.exif_transpose(picture)
                pixels = _flat(upright)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        _refuse(_("The picture has more than 40 million pixels."))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        # Pillow's decoders answer a damaged file with any of these.
        _refuse(_("This is no JPEG, PNG or WebP picture that can be read, whatever its name says."))
    pixels.thumbnail((STORED_SIDE_PX, STORED_SIDE_PX))
    # A new picture carries pixels only: what the old one knew besides is not copied.
    clean = Image.new("RGB", pixels.size)
    clean.paste(pixels)
    stored = io.BytesIO()
    clean.save(stored, "JPEG", quality=QUALITY, optimize=True)
    return stored.getvalue(), clean.size


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        _refuse(_("The picture has more than 40 million pixels."))
    if min(width, height) < MIN_SIDE_PX:
        _refuse(_("The picture is too small: each side needs at least 200 pixels."))


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency: what was clear becomes white."""
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return picture.convert("RGB")


def _refuse(sentence: object) -> NoReturn:
    raise Invalid({"photo": [sentence]})
