"""What stands on the page of an offer besides its form: where it is in its life, and what waits for whom."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.models import Event, Organization
from hosting.models import Commitment, Offer, OfferStatus, OfferTerms, ReviewState, TermsReview
from hosting.services import reviews, terms
from hosting.web import hostforms, offerfields

# What the host can do in each status, in the order of the buttons: (step, its name, is it the main one).
STEPS: dict[str, list[tuple[str, Any, bool]]] = {
    OfferStatus.DRAFT: [("submit", _("Submit for review"), True), ("withdraw", _("Withdraw"), False)],
    OfferStatus.CHANGES_REQUESTED: [("draft", _("Take it back to change it"), True)],
    OfferStatus.REJECTED: [("draft", _("Take it back as a draft"), True)],
    OfferStatus.EXPIRED: [("draft", _("Renew it: take it back as a draft"), True)],
    OfferStatus.PUBLISHED: [("pause", _("Pause"), False), ("withdraw", _("Withdraw"), False)],
    OfferStatus.PAUSED: [("resume", _("List it again"), True), ("withdraw", _("Withdraw"), False)],
}
SENTENCES = {
    OfferStatus.DRAFT: _("Nobody else sees this draft. Submit it when terms and capacity are complete."),
    OfferStatus.IN_REVIEW: _("Staff is looking at it. You hear from us; until then it can’t be changed."),
    OfferStatus.CHANGES_REQUESTED: _("Staff asks you to change something before it can be listed."),
    OfferStatus.REJECTED: _("Staff has refused it."),
    OfferStatus.PUBLISHED: _("On the market. What you change in the terms holds for new matches at once."),
    OfferStatus.PAUSED: _("Off the market for now; what is committed stays committed."),
    OfferStatus.SUSPENDED: _("Staff has taken it off the market."),
    OfferStatus.EXPIRED: _("Its last day has passed."),
    OfferStatus.WITHDRAWN: _("Withdrawn for good. You can copy it into a new draft."),
}
# The decision that stands behind a status.
SAID_IN = {
    OfferStatus.CHANGES_REQUESTED: "became_changes_requested",
    OfferStatus.REJECTED: "became_rejected",
    OfferStatus.SUSPENDED: "became_suspended",
}
FOR_THE_HOST = (
    OfferStatus.DRAFT,
    OfferStatus.CHANGES_REQUESTED,
    OfferStatus.REJECTED,
    OfferStatus.EXPIRED,
)


@dataclass(frozen=True)
class Stand:
    """Where an offer is. `why` is what staff wrote; `waiting` and `refused` are versions of its terms."""

    offer: Offer
    sentence: Any
    why: str
    waiting: TermsReview | None
    refused: TermsReview | None
    refused_why: str

    @property
    def steps(self) -> list[tuple[str, Any, bool]]:
        return STEPS.get(self.offer.status, [])

    @property
    def waits_for_host(self) -> bool:
        return self.offer.status in FOR_THE_HOST or self.refused is not None

    @property
    def is_editable(self) -> bool:
        return self.offer.status in terms.EDITABLE

    @property
    def waiting_fields(self) -> list[str]:
        return [label(name) for name in self.waiting.fields] if self.waiting else []


def of_offer(offer: Offer, words: dict[str, Event]) -> Stand:
    """Reads `terms_reviews` with their terms (see with_parts) and the words of reviews.last_words."""
    newest = max(offer.terms_reviews.all(), key=lambda one: one.terms.number, default=None)
    state = newest.state if newest else ""
    is_refused = state == ReviewState.REJECTED and not _overtaken(offer, newest)
    said, refusal = words.get(SAID_IN.get(OfferStatus(offer.status), "")), words.get("terms_rejected")
    return Stand(
        offer=offer,
        sentence=SENTENCES[OfferStatus(offer.status)],
        why=said.why if said else "",
        waiting=newest if state == ReviewState.WAITING else None,
        refused=newest if is_refused else None,
        refused_why=refusal.why if is_refused and refusal else "",
    )


def _overtaken(offer: Offer, review: TermsReview | None) -> bool:
    """Whether a later version holds than the one that was refused."""
    in_force = getattr(offer, "in_force", None)
    return bool(in_force and review and in_force.terms.number > review.terms.number)


def with_parts(viewer_organization: Organization | None) -> Any:
    """The organization's offers with all that pages of theirs show, in a fixed number of queries."""
    return (
        Offer.objects.filter(site__host=viewer_organization)
        .select_related("site__host", "site__jurisdiction", "in_force__terms")
        .prefetch_related(
            "phases",
            Prefetch("commitments", Commitment.objects.live(), to_attr="live_commitments"),
            Prefetch("terms_reviews", TermsReview.objects.select_related("terms")),
        )
    )


def stand_of(offer: Offer) -> Stand:
    return of_offer(offer, reviews.last_words([offer.pk]).get(offer.pk, {}))


def newest_terms(offer: Offer) -> OfferTerms | None:
    """The version that the form shows: the last one written, also while it waits."""
    return offer.terms.prefetch_related("tiers").order_by("-number").first()


def meanwhile(offer: Offer, seen: int) -> list[tuple[str, str, str]]:
    """(field, as it was seen, as it is now) of what others changed in the terms since version `seen`."""
    versions = {one.number: one for one in offer.terms.prefetch_related("tiers")}
    newest = versions[max(versions)] if versions else None
    before = versions.get(seen)
    if newest is None or before is None:
        return []
    return [
        (label(name), _words(before, name), _words(newest, name))
        for name in terms.changed_fields(before, newest, terms.tiers_of(newest))
    ]


def _words(version: OfferTerms, name: str) -> str:
    if name == "tiers":
        return ", ".join(f"≥ {kw} kW: {hostforms.as_text(price)}" for kw, price in terms.tiers_of(version))
    if name == "valid_until" and version.valid_until:
        return hostforms.last_day(version.valid_until)
    return hostforms.in_words(offerfields.ASKS.get(name), getattr(version, name))


def label(name: str) -> str:
    """A column of the terms in the words of their form."""
    return str(offerfields.ASKS[name].label) if name in offerfields.ASKS else str(_("Tiers"))
