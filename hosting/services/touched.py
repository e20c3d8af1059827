"""What the changes that are due touch: some requests, some offers, or everything."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import Due, Licence
from hosting.models import JurisdictionFact, Offer, RegulationRule

# Under which name the matching reads Events.
READER = "matching"
# Kinds whose Event names the offer in its parameters.
OF_AN_OFFER = ("hosting.capacityphase", "hosting.claim", "hosting.commitment")
OF_A_PLACE = {"hosting.regulationrule": RegulationRule, "hosting.jurisdictionfact": JurisdictionFact}


@dataclass
class Touched:
    """Requests to match anew; offers that may enter or leave any list; or, with is_all, everything."""

    requests: set[uuid.UUID] = field(default_factory=set)
    offers: set[uuid.UUID] = field(default_factory=set)
    is_all: bool = False


def by(marks: Iterable[Due]) -> Touched:
    """What the marks' Events touch. A kind not known here touches everything: never missed."""
    touched = Touched()
    subjects: dict[str, set[uuid.UUID]] = {}
    for mark in marks:
        event = mark.event
        if event.subject_kind in OF_AN_OFFER:
            touched.offers.add(uuid.UUID(event.params["offer"]))
        else:
            subjects.setdefault(event.subject_kind, set()).add(event.subject_id)
    touched.requests |= subjects.pop("hosting.capacityrequest", set())
    touched.offers |= subjects.pop("hosting.offer", set())
    where = Q(site__in=subjects.pop("hosting.site", ()))
    where |= Q(site__host__in=_hosts(subjects))
    for code in _places(subjects):
        where |= Q(site__jurisdiction=code) | Q(site__jurisdiction__parent=code)
    touched.is_all = bool(subjects)
    touched.offers |= set(Offer.objects.filter(where).values_list("pk", flat=True))
    return touched


def _hosts(subjects: dict[str, set[uuid.UUID]]) -> set[uuid.UUID]:
    licensed = Licence.objects.filter(pk__in=subjects.pop("accounts.licence", ()))
    return subjects.pop("accounts.organization", set()) | set(licensed.values_list("organization", flat=True))


def _places(subjects: dict[str, set[uuid.UUID]]) -> set[str]:
    codes: set[str] = set()
    for kind, model in OF_A_PLACE.items():
        rows = model._default_manager.filter(pk__in=subjects.pop(kind, ()))
        codes |= set(rows.values_list("jurisdiction", flat=True))
    return codes
