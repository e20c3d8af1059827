"""A photo of a site, for whoever sees the site."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.web.acting import viewer_of
from hosting.models import Site, SitePhoto


@require_safe
def site_photo(request: HttpRequest, pk: UUID) -> FileResponse:
    """The picture; 404 when the site is not for this viewer, or the file is gone."""
    visible = Site.objects.visible_to(viewer_of(request)).order_by()
    photo = get_object_or_404(SitePhoto.objects.filter(site__in=visible), pk=pk)
    try:
        picture = default_storage.open(photo.file, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(picture, content_type="image/jpeg")
    # The picture of an id never changes, but who may see it does.
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
