"""Rows of the market in the admin: their timelines tell of their parts as well."""

from django.db.models import Model, Q

from accounts.admin.looking import LookingAdmin
from hosting.services import timelines


class MarketTimeline:
    """Before a ModelAdmin with a timeline: the Events of the row and of what belongs to it."""

    def events_of(self, row: Model) -> Q:
        return timelines.which(row)


class MarketAdmin(MarketTimeline, LookingAdmin):
    """A row of the market to look at."""
