"""The acting organization in templates."""

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.services.acting import Viewer
from accounts.web import acting

register = template.Library()


@register.simple_tag(takes_context=True)
def acting_field(context: dict) -> SafeString:
    """The hidden field that says for whom a form is made; stands beside {% csrf_token %} in every form."""
    viewer = acting.viewer_of(context["request"])
    handle = viewer.organization.handle if viewer.organization else ""
    return format_html('<input type="hidden" name="{}" value="{}">', acting.FIELD, handle)


@register.simple_tag(takes_context=True)
def acting_viewer(context: dict) -> Viewer:
    """The viewer of the page: {% acting_viewer as viewer %}."""
    request: HttpRequest = context["request"]
    return acting.viewer_of(request)
