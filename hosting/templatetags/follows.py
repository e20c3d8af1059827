"""The button with which a person follows a place."""

from typing import Any

from django import template

from accounts.models import User
from hosting.models import Jurisdiction
from hosting.services import follows

register = template.Library()


@register.inclusion_tag("_follow.html", takes_context=True)
def follow_button(context: dict[str, Any], place: Jurisdiction) -> dict[str, Any]:
    """{% follow_button place %}: follow or unfollow; for strangers the way to sign in. One query for who is
    signed in, none for strangers."""
    request = context["request"]
    is_signed_in = isinstance(request.user, User)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "place": place,
        "is_signed_in": is_signed_in,
        "is_followed": is_signed_in and follows.is_followed(person=request.user, place=place),
    }
