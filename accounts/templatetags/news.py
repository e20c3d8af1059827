"""How many notices are unread, for the head of every page."""

from django import template

from accounts.services import notices

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: dict) -> int:
    """{% unread_notices as count %}: 0 for a stranger. One query for who is signed in."""
    user = getattr(context.get("request"), "user", None)
    return notices.unread_count(user=user) if user is not None and user.is_authenticated else 0
