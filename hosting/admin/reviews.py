"""Changes that staff decides on."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy

from accounts.admin.steps import Step
from hosting.admin.offers_decisions import DecidingAdmin, decision, moves_to
from hosting.models import SiteReview, TermsReview
from hosting.services import reviews


@admin.register(TermsReview)
class TermsReviewAdmin(DecidingAdmin):
    """Versions of live offers that wait: the old one stays in force until one of the two is chosen."""

    list_display = ("terms", "host", "changes", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("offer__site__host", "terms__offer")
    search_fields = ("offer__title", "offer__site__host__handle", "=offer__id")
    actions = (
        decision("approve", gettext_lazy("Approve: live at once"), reviews.approve_terms, argument="review"),
        decision("reject", gettext_lazy("Reject"), reviews.reject_terms, argument="review"),
    )
    subject = "review"
    steps = (
        Step("approve", gettext_lazy("Approve: live at once"), reviews.approve_terms, moves_to("approved")),
        Step("reject", gettext_lazy("Reject"), reviews.reject_terms, moves_to("rejected")),
    )
    date_hierarchy = "created_at"

    @admin.display(description=gettext_lazy("host"))
    def host(self, review: TermsReview) -> str:
        return review.offer.site.host.handle

    @admin.display(description=gettext_lazy("what changes"))
    def changes(self, review: TermsReview) -> str:
        return ", ".join(review.fields)


@admin.register(SiteReview)
class SiteReviewAdmin(DecidingAdmin):
    """Changes of sites that staff has looked at before."""

    list_display = ("site", "host", "changes", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("site__host",)
    search_fields = ("site__name", "site__host__handle", "=site__id")
    actions = (
        decision("approve", gettext_lazy("Approve: live at once"), reviews.approve_site, argument="review"),
        decision("reject", gettext_lazy("Reject"), reviews.reject_site, argument="review"),
    )
    subject = "review"
    steps = (
        Step("approve", gettext_lazy("Approve: live at once"), reviews.approve_site, moves_to("approved")),
        Step("reject", gettext_lazy("Reject"), reviews.reject_site, moves_to("rejected")),
    )
    date_hierarchy = "created_at"

    @admin.display(description=gettext_lazy("host"))
    def host(self, review: SiteReview) -> str:
        return review.site.host.handle

    @admin.display(description=gettext_lazy("what changes"))
    def changes(self, review: SiteReview) -> Any:
        pairs = [
            (name, getattr(review.site, f"{name}_id" if name == "jurisdiction" else name), value)
            for name, value in review.values.items()
        ]
        return format_html_join("; ", "{}: {} → {}", pairs)
