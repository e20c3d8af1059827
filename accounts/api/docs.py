"""The schema, a page to read it on, and the answer to an address that does not exist."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Schema(SpectacularAPIView):
    """The OpenAPI description, public like the market it describes."""

    authentication_classes = ()


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from the wheel: our template has no inline style, so it keeps to the site's policy."""

    template_name = "api_docs.html"
    authentication_classes = ()


@extend_schema(exclude=True)
class Nowhere(APIView):
    """No such address."""

    authentication_classes = ()

    def initial(self, request: Request, *args, **kwargs) -> None:
        """404 whatever the method."""
        raise Http404

    def get(self, request: Request, *args, **kwargs) -> Response:
        """Never reached."""
        raise Http404
