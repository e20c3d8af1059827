"""Requests and their fleets, with what only the own side and staff may see."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingInline
from accounts.admin.steps import Step, SteppingAdmin
from hosting.admin.timelines import MarketAdmin, MarketTimeline
from hosting.models import CapacityRequest, FleetLine, Interest, RequestStatus
from hosting.services import requestreviews


class FleetInline(LookingInline):
    model = FleetLine
    fields = ("machine", "quantity")
    shown_with = ("machine",)


class InterestInline(LookingInline):
    model = Interest
    fields = ("offer", "shortlisted_at", "interested_at", "declined_at", "declined_by")
    shown_with = ("offer",)


def is_open(request: Any) -> bool:
    return request.status == RequestStatus.OPEN


def is_suspended(request: Any) -> bool:
    return request.status == RequestStatus.SUSPENDED


@admin.register(CapacityRequest)
class CapacityRequestAdmin(MarketTimeline, SteppingAdmin):
    subject = "request"
    steps = (
        Step("suspend", _("Suspend"), requestreviews.suspend, is_open),
        Step("lift", _("Lift the suspension"), requestreviews.lift, is_suspended),
    )
    list_display = (
        *("id", "owner", "is_anonymous", "status", "need_kw", "earliest_start", "latest_start"),
        *("term_months", "max_price_usd", "expires_at"),
    )
    list_filter = ("status", "is_anonymous", "origin")
    list_select_related = ("owner",)
    search_fields = ("=id", "owner__handle")
    date_hierarchy = "created_at"
    inlines = (FleetInline, InterestInline)


@admin.register(FleetLine)
class FleetLineAdmin(MarketAdmin):
    list_display = ("request", "machine", "quantity")
    list_select_related = ("request", "machine")
    list_filter = ("machine__maker",)
    search_fields = ("=request__id", "machine__model")
