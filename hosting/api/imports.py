"""Imports: a file of offers or machines, tried first, then written as a whole or not at all."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import parsers, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, permissions, problems, versions, viewing
from accounts.api.idempotency import IDEMPOTENCY_KEY, repeatable
from accounts.models import Scope
from accounts.services.acting import Viewer
from accounts.services.errors import Invalid
from accounts.web import uploads
from hosting.filters import ImportFilter
from hosting.models import CapacityRequest, Import, ImportFormat, ImportKind, ImportStatus
from hosting.services import imports
from hosting.services.entries import Entries, as_uuid

# What a file of this kind becomes needs the scope that writing it by hand would.
SCOPES = {ImportKind.OFFERS: Scope.OFFERS_WRITE, ImportKind.FLEET: Scope.REQUESTS_WRITE}
FIELDS = ("kind", "format", "encoding", "dry_run", "request", "file")
# Results of one answer.
PAGE = 100


class ImportErrorSerializer(serializers.Serializer):
    """What is wrong, and where: line 1 is the header; in a JSON list, the place in it."""

    line = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True, help_text="empty: the line as a whole")
    message = serializers.CharField()


class ImportResultSerializer(serializers.Serializer):
    """What a line becomes. Of a fleet: so many machines of a model, all lines together."""

    line = serializers.IntegerField(required=False)
    offer = serializers.UUIDField(required=False, help_text="once it is written")
    title = serializers.CharField(required=False)
    site = serializers.UUIDField(required=False)
    machine = serializers.UUIDField(required=False)
    name = serializers.CharField(required=False)
    quantity = serializers.IntegerField(required=False)


class ImportSerializer(serializers.Serializer):
    """An import. Nothing is written before its status is `committed`."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    kind = serializers.ChoiceField(ImportKind.choices)
    format = serializers.RegexField(f"^({'|'.join(ImportFormat.values)})$")
    status = serializers.RegexField(f"^({'|'.join(ImportStatus.values)})$")
    request = serializers.UUIDField(source="request_id", allow_null=True)
    rows = serializers.IntegerField(help_text="below the header; known once it has been opened")
    rows_done = serializers.SerializerMethodField(help_text="how many of them have been read")
    summary = serializers.DictField(help_text="what it is together: offers and kW, or machines, kW, J/TH")
    error_count = serializers.IntegerField()
    errors = ImportErrorSerializer(many=True, help_text="the first 500")
    results = serializers.SerializerMethodField(help_text="the first 100 from `offset`, in the file's order")

    def get_rows_done(self, found: Import) -> int:
        return imports.done_rows(found)

    def get_results(self, found: Import) -> ImportResultSerializer(many=True):  # type: ignore[valid-type]
        begin = self.context.get("offset", 0)
        return found.results[begin : begin + PAGE]


class ImportBodySerializer(serializers.Serializer):
    """A file with what it is, as a form (multipart/form-data)."""

    kind = serializers.ChoiceField(ImportKind.choices)
    format = serializers.RegexField(f"^({'|'.join(ImportFormat.values)})$", required=False, default="csv")
    encoding = serializers.CharField(required=False, help_text="utf-8, gb18030, windows-1251, windows-1252")
    dry_run = serializers.RegexField(
        "^(true|false)$", required=False, default="true", help_text="false: write it if nothing is wrong"
    )
    request = serializers.UUIDField(required=False, help_text="the draft or open request a fleet goes into")
    file = serializers.FileField()


class ImportList(APIView):
    """The organization's imports, and a new one."""

    parser_classes = (parsers.MultiPartParser,)
    permission_classes = (permissions.Known,)

    @extend_schema(
        operation_id="imports_list",
        parameters=lists.parameters(ImportFilter),
        responses={200: lists.page_of("ImportPage", ImportSerializer), **problems.answers(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """One's own imports, the latest first."""
        found = ImportFilter(request.query_params, Import.objects.visible_to(viewing.viewer_of(request)))
        return lists.answer(request, filterset=found, serializer=ImportSerializer, context={})

    @extend_schema(
        operation_id="imports_create",
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": ImportBodySerializer},
        responses={
            201: ImportSerializer,
            202: ImportSerializer,
            **problems.answers(400, 401, 403, 404, 409, 413, 415, 422),
        },
    )
    @repeatable
    def post(self, request: Request) -> Response:
        """Try a file, or write it with dry_run=false. 201: done. 202: large; look at it again."""
        lists.refuse_unknown(request)
        kind, viewer = _allowed(request, self)
        values = _values(request, viewer)
        made = imports.receive(kind=kind, by=viewer.user, now=timezone.now(), **values)
        return Response(ImportSerializer(made).data, status=_status(made, 201))


class ImportDetail(APIView):
    """One import."""

    permission_classes = (permissions.Known,)

    @extend_schema(
        operation_id="imports_read",
        parameters=[OpenApiParameter("offset", {"type": "integer", "minimum": 0}, description="of results")],
        responses={200: ImportSerializer, **problems.answers(400, 401, 403, 404)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """How far it is, what is wrong, what it becomes."""
        lists.refuse_unknown(request, "offset")
        entries = Entries(request.query_params)
        offset = entries.whole("offset", low="0", high="10000") or 0
        if entries.wrong:
            raise Invalid(entries.wrong)
        found = get_object_or_404(Import.objects.visible_to(viewing.viewer_of(request)), pk=id)
        return Response(ImportSerializer(found, context={"offset": offset}).data)


class ImportCommit(APIView):
    """The step from tried to written."""

    permission_classes = (permissions.Known,)

    @extend_schema(
        operation_id="imports_commit",
        parameters=[versions.IF_MATCH, IDEMPOTENCY_KEY],
        request=None,
        responses={
            200: ImportSerializer,
            202: ImportSerializer,
            **problems.answers(400, 401, 403, 404, 409, 412, 422),
        },
    )
    @repeatable
    def post(self, request: Request, id: UUID) -> Response:
        """Write what was tried: all of it or nothing."""
        lists.refuse_unknown(request)
        viewer = permissions.known(request)
        found = get_object_or_404(_own(viewer), pk=id)
        _check(request, self, found.kind)
        version = versions.if_match(request)
        found = imports.commit(found=found, by=viewer.user, now=timezone.now(), version=version)
        return Response(ImportSerializer(found).data, status=_status(found, 200))


def _own(viewer: Viewer) -> Any:
    return Import.objects.filter(organization=viewer.organization)


def _check(request: Request, view: APIView, kind: str) -> None:
    """401, 403: what writing such a thing by hand would be refused with."""
    permissions.needs(SCOPES[ImportKind(kind)])().has_permission(request, view)


def _allowed(request: Request, view: APIView) -> tuple[str, Viewer]:
    viewer = permissions.known(request)
    kind = _sent(request).get("kind", "")
    if kind not in ImportKind.values:
        _check(request, view, ImportKind.OFFERS)
        raise Invalid({"kind": [_("Choose one of: %(words)s.") % {"words": ", ".join(ImportKind.values)}]})
    _check(request, view, kind)
    return kind, viewer


def _sent(request: Request) -> Mapping[str, Any]:
    """The fields of the form: the view has no other parser."""
    return cast(Mapping[str, Any], request.data)


def _values(request: Request, viewer: Viewer) -> dict[str, Any]:
    """What receive() takes. Raises Invalid, TooLarge (413) or Http404 for a request that is not one's own."""
    entries = Entries({name: value for name, value in _sent(request).items() if name != "file"})
    entries.known(FIELDS)
    file, is_cut = request.FILES.get("file"), "file" in uploads.too_large(request._request)
    if is_cut:
        raise problems.TooLarge(_("The file is too large."))
    if file is None:
        entries.refuse("file", _("Send a file."))
    dry_run = entries.word("dry_run", among=("true", "false"))
    format = entries.word("format", among=ImportFormat.values)
    into = entries.given("request")
    request_id = as_uuid(into)
    if into is not None and request_id is None:
        entries.refuse("request", _("Give the UUID of a request."))
    if entries.wrong:
        raise Invalid(entries.wrong)
    return {
        "organization": viewer.organization,
        "format": format or ImportFormat.CSV,
        "encoding": str(entries.given("encoding") or ""),
        "is_wanted": dry_run == "false",
        "request": None if request_id is None else _request(viewer, request_id),
        "content": file.read(),
    }


def _request(viewer: Viewer, id: UUID) -> CapacityRequest:
    found = CapacityRequest.objects.filter(owner=viewer.organization, pk=id).first()
    if found is None:
        raise Http404
    return found


def _status(found: Import, done: int) -> int:
    return 202 if found.status in (ImportStatus.WAITING, ImportStatus.ACCEPTED) else done
