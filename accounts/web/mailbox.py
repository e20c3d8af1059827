"""The mails of a laptop, for staff: what would have been sent. In production there is no such page."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.services import mailbox
from accounts.services.acting import Person
from accounts.web import acting, staffsite


@require_safe
@acting.signed_in
def letters(request: HttpRequest, viewer: Person) -> HttpResponse:
    """The newest mails first, with their text. 404 for everybody but staff."""
    if not mailbox.is_there() or not viewer.is_staff or staffsite.lacks_second_factor(request):
        raise Http404
    pages = Paginator(mailbox.letters(), 20)
    return render(request, "mailbox.html", {"page": pages.get_page(request.GET.get("page"))})
