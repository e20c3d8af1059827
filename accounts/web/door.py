"""Allauth's door in our house: its mails go to the outbox, and a new person is written down as ours are."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone, translation

from accounts.models import User
from accounts.services import mail


class Door(DefaultAccountAdapter):
    """Everybody may sign up. What allauth wants to mail is queued, and sent by the worker."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render the mail and queue it: nobody who signs in waits for a mail server."""
        given = {
            "request": self.request, "email": email, "current_site": get_current_site(self.request), **context
        }  # fmt: skip
        message = self.render_mail(template_prefix, email, given)
        mail.queue(to=email, subject=message.subject, text=message.body, now=timezone.now())

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        """A new person: when they joined, and the language they signed up in."""
        user.joined_at = timezone.now()
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)
