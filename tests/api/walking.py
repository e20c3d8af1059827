"""How the tests walk the API: page by page, and through every value of an answer."""

from collections.abc import Iterator
from typing import Any

API = "/api/v1"


def walk(client, path: str, **query: Any) -> list[dict]:
    """All rows of a list, following `next` to its end."""
    answer = client.get(f"{API}/{path}", query)
    rows = []
    while True:
        assert answer.status_code == 200, answer.content
        body = answer.json()
        rows += body["results"]
        if body["next"] is None:
            return rows
        answer = client.get(body["next"])


def values(body: Any, under: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a piece of JSON, with the key it stands under."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield from values(value, key)
    elif isinstance(body, list):
        for value in body:
            yield from values(value, under)
    else:
        yield under, body


def is_problem(answer, status: int, code: str | None = None) -> dict:
    """Assert that the answer is a problem of this status, and give its body."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {*("type", "title", "status", "detail", "instance", "code", "errors", "request_id")}
    assert body["status"] == status
    assert body["request_id"] == answer["X-Request-ID"]
    if code is not None:
        assert body["code"] == code
    return body
