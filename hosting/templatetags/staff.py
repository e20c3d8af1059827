"""The pages of staff: what waits on their home, and how Events are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hosting.services import waiting

register = template.Library()

# Queue -> its words, the list in the admin, and the right that opens it.
PLACES: dict[str, tuple[Any, str, str]] = {
    "organizations": (
        _("Organizations to verify"),
        "accounts_organization",
        "verification__in=submitted,in_review",
    ),
    "lifts": (
        _("Suspensions to lift, as the second"),
        "accounts_organization",
        "lift_proposed_by__isnull=False",
    ),
    "documents": (_("Documents to review"), "accounts_document", "review__exact=submitted"),
    "licences": (_("Licences to review"), "accounts_licence", "review__exact=submitted"),
    "offers": (_("Offers to review"), "hosting_offer", "status__exact=in_review"),
    "terms": (_("Changed terms to review"), "hosting_termsreview", "state__exact=waiting"),
    "sites": (_("Changed sites to review"), "hosting_sitereview", "state__exact=waiting"),
    "rules_to_review": (_("Rules to review"), "hosting_regulationrule", "status__exact=draft"),
    "rules_to_publish": (_("Rules to publish"), "hosting_regulationrule", "status__exact=reviewed"),
    "rates": (_("Rates that grow old"), "hosting_rate", "standing=aging"),
    "runs": (_("Match runs that failed"), "hosting_matchrun", "standing=failed"),
    "mail": (_("Mails that fail"), "accounts_outboxmail", "standing=failing"),
    "unsettled": (_("Changes that no worker took"), "accounts_due", "standing=late"),
    "deliveries": (_("Webhook deliveries that fail"), "hosting_webhookdelivery", "standing=failing"),
}


@register.simple_tag(takes_context=True)
def staff_waits(context: dict) -> list[dict[str, Any]]:
    """{% staff_waits as queues %}: each with its words, count, time of the oldest, and address."""
    user = context["request"].user
    shown = []
    for queue in waiting.queues(now=timezone.now()):
        words, model, query = PLACES[queue.name]
        app, _underscore, name = model.partition("_")
        if user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}"):
            address = f"{reverse(f'admin:{model}_changelist')}?{query}"
            shown.append({"queue": queue, "words": words, "address": address})
    return shown


@register.filter
def age(since: datetime | None) -> str:
    """How long ago, in the largest whole unit: minutes, hours or days."""
    if since is None:
        return ""
    minutes = max(0, int((timezone.now() - since).total_seconds() // 60))
    if minutes < 60:
        return str(_("%(number)s min") % {"number": minutes})
    if minutes < 48 * 60:
        return str(_("%(number)s h") % {"number": minutes // 60})
    return str(_("%(number)s d") % {"number": minutes // (24 * 60)})


@register.filter
def spoken(code: str) -> str:
    """A code as words: "became_published" is "became published"."""
    return str(code).replace("_", " ")


@register.filter
def told(value: Any) -> str:
    """A parameter of an Event, flat: lists with commas, pairs of a change with an arrow."""
    if isinstance(value, Mapping):
        return "; ".join(f"{spoken(name)}: {_changed(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "—"
    return "—" if value is None else str(value)


def _changed(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return " → ".join("—" if one in (None, "") else str(one) for one in value)
    return told(value)
