"""Lists: a filtered queryset as one keyset page, and how the schema describes it."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.services import pages
from accounts.services.errors import Invalid

PAGING = ("cursor", "page_size")


def answer(
    request: Request,
    *,
    filterset: Any,
    serializer: Any,
    order: pages.Order | None = None,
    context: dict[str, Any],
    columns: tuple[str, ...] = (),
) -> Response:
    """One page of what the filters let through, in the order asked for or else in `order`.

    With `columns` the serializer is given named rows of these ("pk" and what is ordered by among them).
    Raises Invalid with all that is wrong in the query: unknown parameters, values, page size and cursor.
    """
    query = request.query_params
    wrong: dict[str, list[Any]] = {}
    for name in query:
        if name not in filterset.base_filters and name not in PAGING:
            wrong[name] = [_("There is no such parameter.")]
    if not filterset.is_valid():
        wrong |= {name: list(lines) for name, lines in filterset.errors.items()}
    try:
        size = pages.size_of(query.get("page_size"))
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    found = filterset.qs.values_list(*columns, named=True) if columns else filterset.qs
    page = pages.page(found, order=order or filterset.order, cursor=query.get("cursor"), size=size)
    return Response(
        {
            "next": _address(request, page.next),
            "previous": _address(request, page.previous),
            "results": serializer(page.rows, many=True, context=context).data,
        }
    )


def refuse_unknown(request: Request, *names: str) -> None:
    """Raise Invalid for parameters in the address other than these."""
    unknown = [name for name in request.query_params if name not in names]
    if unknown:
        raise Invalid({name: [_("There is no such parameter.")] for name in unknown})


def _address(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = [
        (name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"
    ]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor)])}")


def page_of(name: str, serializer: type[serializers.BaseSerializer]) -> serializers.BaseSerializer:
    """A page of these rows, for the schema."""
    return inline_serializer(
        name=name,
        fields={
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        },
    )


def parameters(filterset: Any) -> list[OpenApiParameter]:
    """The query parameters of a list, for the schema: its filters, the cursor and the page size."""
    found = [
        OpenApiParameter(
            name,
            type={"type": "array", "items": kind} if is_many else kind,
            description=str(one.extra.get("help_text", "")),
            explode=True if is_many else None,
        )
        for name, one in filterset.base_filters.items()
        for kind, is_many in [(_kind(one), "Multiple" in type(one).__name__)]
    ]
    return [
        *found,
        OpenApiParameter("cursor", str, description="from `next` or `previous`; opaque"),
        OpenApiParameter(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": pages.MAX_SIZE, "default": pages.SIZE},
        ),
    ]


def _kind(one: Any) -> dict[str, Any]:
    kind = dict(getattr(one, "SCHEMA", {"type": "string"}))
    if choices := one.extra.get("choices"):
        kind["enum"] = [value for value, _label in choices]
    return kind
