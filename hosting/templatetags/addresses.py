"""The one address of a page, for search engines and for whoever cites it."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hosting.web import publicpages

register = template.Library()


@register.simple_tag(takes_context=True)
def canonical(context: dict[str, Any]) -> SafeString | str:
    """The link to a public page's one address, without what only sorts or filters; "" on private pages."""
    request: HttpRequest | None = context.get("request")
    if request is None or publicpages.name_of(request) not in publicpages.PAGES:
        return ""
    address = f"{settings.PUBLIC_URL.rstrip('/')}{request.path}{publicpages.canonical_query(request)}"
    return format_html('<link rel="canonical" href="{}">', address)
