"""Notices in words, and the kinds of news there are. Only what the table "who sees what" lets a reader see.

A notice is stored as a code with parameters; here it becomes sentences in the active language. What it speaks
of may be gone by then: then it says less, but it says something.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Notice, Role, Verification, Way
from accounts.services.digests import Said
from hosting.models import CapacityRequest, Offer, Site
from hosting.services import placewords, wording
from hosting.services.wording import Text

MOST_NAMES = 5


@dataclass(frozen=True)
class Kind:
    """A kind of news: its name on the settings page, and how people hear of it who chose nothing."""

    name: Text
    way: Way
    is_for_staff: bool = False


KINDS: dict[str, Kind] = {
    "match_list_changed": Kind(gettext_lazy("Hotels enter or leave the list of a request"), Way.DAILY),
    "interest_expressed": Kind(gettext_lazy("A host is interested in a request"), Way.EACH),
    "interest_declined": Kind(gettext_lazy("The other side declines"), Way.EACH),
    "offer_reviewed": Kind(gettext_lazy("Staff decides about an offer or a site"), Way.EACH),
    "verification_changed": Kind(gettext_lazy("The verification of your organization changes"), Way.EACH),
    # The invitation itself is a mail with the key to it; this is the line beside it.
    "invitation": Kind(gettext_lazy("You are invited to an organization"), Way.IN_APP),
    "place_status": Kind(
        gettext_lazy("The legal status or our rating of a place you follow changes"), Way.EACH
    ),
    "place_rule": Kind(
        gettext_lazy("A rule of a place you follow is published or no longer counts"), Way.EACH
    ),
    "place_news": Kind(gettext_lazy("There is news of the law of a place you follow"), Way.DAILY),
    "webhook_failing": Kind(gettext_lazy("A webhook of your organization fails or is off"), Way.EACH),
    "rate_too_old": Kind(gettext_lazy("A rate that prices need is too old"), Way.EACH, is_for_staff=True),
}


@dataclass(frozen=True)
class Rows:
    """What the notices speak of, by UUID as text."""

    offers: dict[str, Offer]
    requests: dict[str, CapacityRequest]
    sites: dict[str, Site]
    law: placewords.Rows

    def offer(self, key: str) -> str:
        return self.offers[key].title if key in self.offers else _("an offer that is gone")

    def host(self, key: str) -> str:
        return self.offers[key].site.host.handle if key in self.offers else _("a host")

    def site(self, key: str) -> str:
        return self.sites[key].name if key in self.sites else _("a site that is gone")

    def power(self, key: str) -> str:
        return wording.kw(self.requests[key].need_kw) if key in self.requests else _("unknown power")


def say(notices: Iterable[Notice]) -> list[Said]:
    """The notices in words, in the same order. A fixed number of queries, however many they are."""
    notices = list(notices)
    rows = _rows(notices)
    return [SENTENCES.get(one.code, _something)(one, one.params, rows) for one in notices]


def _rows(notices: list[Notice]) -> Rows:
    named: dict[str, set[str]] = {"offer": set(), "request": set(), "site": set()}
    for notice in notices:
        for name, keys in named.items():
            keys |= {notice.params[name]} if notice.params.get(name) else set()
        named["offer"] |= set(notice.params.get("entered", ())[:MOST_NAMES])
        named["offer"] |= {notice.params["best"]} if notice.params.get("best") else set()
    offers = Offer.objects.filter(pk__in=_uuids(named["offer"])).select_related("site__host")
    requests = CapacityRequest.objects.filter(pk__in=_uuids(named["request"])).select_related("owner")
    sites = Site.objects.filter(pk__in=_uuids(named["site"]))
    return Rows(
        offers={str(row.pk): row for row in offers},
        requests={str(row.pk): row for row in requests},
        sites={str(row.pk): row for row in sites},
        law=placewords.rows(notices),
    )


def _uuids(keys: Iterable[str]) -> list[uuid.UUID]:
    return [uuid.UUID(key) for key in keys]


def _list_changed(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    entered, left = params.get("entered", []), params.get("left", [])
    parts = []
    if entered:
        parts.append(
            ngettext("%(count)s hotel entered", "%(count)s hotels entered", len(entered))
            % {"count": len(entered)}
        )
    if left:
        parts.append(
            ngettext("%(count)s hotel left", "%(count)s hotels left", len(left)) % {"count": len(left)}
        )
    if not parts:
        parts.append(_("another hotel is first"))
    lines = []
    if params.get("best"):
        lines.append(_("First is now: %(offer)s.") % {"offer": rows.offer(params["best"])})
    if entered:
        names = ", ".join(rows.offer(key) for key in entered[:MOST_NAMES])
        more = len(entered) - MOST_NAMES
        if more > 0:
            names = _("%(names)s and %(count)s more") % {"names": names, "count": more}
        lines.append(_("New: %(names)s.") % {"names": names})
    title = _("Your request for %(power)s: %(changes)s") % {
        "power": rows.power(params.get("request", "")),
        "changes": ", ".join(parts),
    }
    return Said(title, tuple(lines))


def _interested(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    title = _("%(host)s is interested in your request for %(power)s") % {
        "host": rows.host(params.get("offer", "")),
        "power": rows.power(params.get("request", "")),
    }
    return Said(title, (_("With the offer: %(offer)s.") % {"offer": rows.offer(params.get("offer", ""))},))


def _declined(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    said = {
        "host": rows.host(params.get("offer", "")),
        "offer": rows.offer(params.get("offer", "")),
        "power": rows.power(params.get("request", "")),
    }
    if params.get("to") == "miner":
        return Said(_("%(host)s does not take up your request for %(power)s with %(offer)s") % said)
    asked = rows.requests.get(params.get("request", ""))
    if asked is None or asked.is_anonymous:
        return Said(_("The miner of a request for %(power)s declined %(offer)s") % said)
    said["miner"] = asked.owner.handle
    return Said(_("%(miner)s declined %(offer)s for its request for %(power)s") % said)


OFFER_TITLES: dict[str, Text] = {
    "published": gettext_lazy("Your offer %(what)s is published"),
    "changes_requested": gettext_lazy("Staff asks for changes in your offer %(what)s"),
    "rejected": gettext_lazy("Your offer %(what)s is rejected"),
    "suspended": gettext_lazy("Your offer %(what)s is suspended"),
    "lifted": gettext_lazy("Your offer %(what)s is no longer suspended"),
    "terms_approved": gettext_lazy("The new terms of your offer %(what)s are in force"),
    "terms_rejected": gettext_lazy("The new terms of your offer %(what)s are rejected"),
    "site_approved": gettext_lazy("The changes of your site %(what)s are approved"),
    "site_rejected": gettext_lazy("The changes of your site %(what)s are rejected"),
}


def _offer_reviewed(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    what = rows.site(params["site"]) if "site" in params else rows.offer(params.get("offer", ""))
    title = OFFER_TITLES.get(params.get("became", ""))
    if title is None:
        return _something(notice, params, rows)
    return Said(str(title) % {"what": what}, _reason(params))


def _verification(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    status = dict(Verification.choices).get(params.get("became", ""), _("unknown"))
    handle = notice.organization.handle if notice.organization else ""
    title = _("%(handle)s: the verification is now “%(status)s”") % {"handle": handle, "status": status}
    return Said(title, _reason(params))


def _invitation(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    title = _("%(handle)s invites you to join as %(role)s") % {
        "handle": params.get("handle", ""),
        "role": dict(Role.choices).get(params.get("role", ""), _("unknown")),
    }
    return Said(title, (_("The link is in the mail that was sent to you."),))


def _rate(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    said = {"currency": params.get("currency", ""), "days": params.get("max_age_days", "")}
    if params.get("currency"):
        title = _("The exchange rate of %(currency)s is missing or older than %(days)s days") % said
    else:
        title = _("The hashprice is missing or older than %(days)s days") % said
    last = params.get("last_on")
    line = _("The newest is of %(day)s.") % {"day": wording.day(last)} if last else _("There is none at all.")
    return Said(title, (line, _("Offers that need it are not comparable until there is a newer one.")))


def _webhook(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    said = {"url": params.get("url", "")}
    if params.get("status") == "off":
        lines = (_("It answered 410 Gone. Switch it on again when it is back."),)
        return Said(_("Your webhook %(url)s is switched off") % said, lines)
    lines = (_("An event could not be delivered in ten tries over three days. It is still tried."),)
    return Said(_("Your webhook %(url)s fails") % said, lines)


def _something(notice: Notice, params: dict[str, Any], rows: Rows) -> Said:
    return Said(_("Something changed (%(code)s)") % {"code": notice.code})


def _reason(params: dict[str, Any]) -> tuple[str, ...]:
    return (_("Reason: %(why)s") % {"why": params["why"]},) if params.get("why") else ()


SENTENCES: dict[str, Callable[[Notice, dict[str, Any], Rows], Said]] = {
    "match_list_changed": _list_changed,
    "interest_expressed": _interested,
    "interest_declined": _declined,
    "offer_reviewed": _offer_reviewed,
    "verification_changed": _verification,
    "invitation": _invitation,
    "place_status": lambda notice, params, rows: placewords.status(params, rows.law),
    "place_rule": lambda notice, params, rows: placewords.rule(params, rows.law),
    "place_news": lambda notice, params, rows: placewords.news(params, rows.law),
    "rate_too_old": _rate,
    "webhook_failing": _webhook,
}
