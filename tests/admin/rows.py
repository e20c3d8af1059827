"""Rows to look at of the models that no other test of the admin makes along its way."""

from datetime import timedelta

from accounts.models import (
    ApiToken,
    Consent,
    Document,
    IdempotencyRecord,
    Invitation,
    NoticeSetting,
    OutboxMail,
)
from hosting.models import (
    FollowedPlace,
    Import,
    Mandate,
    PartnerEvent,
    PlaceDay,
    RequestSeen,
    SitePhoto,
    SiteReview,
    TermsReview,
    WebhookDelivery,
    WebhookEndpoint,
)
from tests import factories


def fill_further(*, person, host, offer, request):
    """One row of each, about this person, host, offer and request."""
    number = next(factories.numbers)
    now = factories.NOW
    times = {"created_at": now, "updated_at": now}
    Consent.objects.get_or_create(user=person, document="terms", version=number, defaults={"at": now})
    Document.objects.create(
        organization=host,
        kind="power",
        file="documents/aa/secret-path",
        name="contract.pdf",
        content_type="application/pdf",
        size_bytes=1000,
        sha256=f"{number:064}",
        **times,
    )
    Invitation.objects.create(
        organization=host,
        email=f"guest{number}@example.org",
        token_hash=f"{number:064}",
        invited_by=person,
        expires_at=now,
        **times,
    )
    NoticeSetting.objects.create(user=person, code=f"news-{number}", way="none")
    OutboxMail.objects.create(
        key=f"mail:{number}",
        to="guest@example.org",
        subject="Welcome",
        text="https://example.org/invitations/secret-token",
        created_at=now,
        next_try_at=now,
    )
    SitePhoto.objects.create(
        site=offer.site,
        file=f"photos/{number}.webp",
        width_px=800,
        height_px=600,
        size_bytes=1000,
        uploaded_sha256=f"{number:064}",
        created_at=now,
    )
    Mandate.objects.create(
        miner=request.owner,
        broker=host,
        valid_from=factories.TODAY,
        valid_until=factories.TODAY + timedelta(30),
        **times,
    )
    RequestSeen.objects.create(request=request, person=person, last_at=now)
    FollowedPlace.objects.get_or_create(
        person=person, place=offer.site.jurisdiction, defaults={"created_at": now}
    )
    shown = dict.fromkeys(("is_power_public", "is_price_public", "is_need_public"), False)
    counted = dict.fromkeys(
        ("hotels", "organizations", "total_kw", "free_kw", "open_requests", "needed_kw"), 1
    )
    PlaceDay.objects.create(day=factories.TODAY - timedelta(number), updated_at=now, **shown, **counted)
    SiteReview.objects.create(site=offer.site, values={"region": "Elsewhere"}, **times)
    TermsReview.objects.create(offer=offer, terms=offer.in_force.terms, **times)
    fill_partners(person=person, host=host)


def fill_partners(*, person, host):
    """What programs of an organization leave behind."""
    number = next(factories.numbers)
    now = factories.NOW
    times = {"created_at": now, "updated_at": now}
    ApiToken.objects.create(
        organization=host, prefix=f"mh_{number}", token_hash=f"{number:064}", made_by=person, **times
    )
    IdempotencyRecord.objects.create(
        caller=f"user:{person.pk}",
        key=f"key-{number}",
        fingerprint=f"{number:064}",
        created_at=now,
        lease_until=now,
        expires_at=now,
        body=b"secret-answer",
    )
    event = PartnerEvent.objects.create(type="offer.published", organization=host, at=now, recorded_at=now)
    endpoint = WebhookEndpoint.objects.create(
        organization=host,
        url=f"https://example.org/{number}",
        secret_sealed="secret-sealed",
        **times,
    )
    WebhookDelivery.objects.create(endpoint=endpoint, event=event, next_try_at=now, **times)
    Import.objects.create(
        organization=host,
        by=person,
        kind="offers",
        format="csv",
        language="en",
        content="secret-content",
        **times,
    )
