"""Marks what a page shows with the row and the column it was read from, so that a test can follow it back.

data-row is "<kind>:<key>", data-field the column, or what is made of columns in a way that the test knows.
"""

from typing import Any

from django import template
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hosting.models import Jurisdiction, JurisdictionFact, Offer, RegulationEvent, RegulationRule

register = template.Library()

KINDS: dict[type[models.Model], str] = {
    Jurisdiction: "place",
    JurisdictionFact: "fact",
    RegulationRule: "rule",
    RegulationEvent: "event",
    Offer: "offer",
}


@register.filter
def row(thing: models.Model | str) -> str:
    """ "fact:<id>" of a stored row; a text names itself."""
    return thing if isinstance(thing, str) else f"{KINDS[type(thing)]}:{thing.pk}"


@register.simple_tag
def traced(thing: models.Model | str, field: str, text: Any, looks: str = "") -> SafeString:
    """A text within a span that says which row and column it comes from; `looks` are its classes."""
    if not looks:
        return format_html('<span data-row="{}" data-field="{}">{}</span>', row(thing), field, text)
    return format_html(
        '<span class="{}" data-row="{}" data-field="{}">{}</span>', looks, row(thing), field, text
    )
