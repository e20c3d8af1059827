"""The schema: valid, committed, and the one the code makes; readable offline."""

from io import StringIO

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from tests.api.walking import API, is_problem

COMMITTED = settings.BASE_DIR / "docs" / "openapi.yaml"


def test_the_committed_schema_is_the_one_the_code_makes():
    made = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=made)
    assert made.getvalue().strip() == COMMITTED.read_text().strip(), "run: make schema"


def test_the_schema_describes_every_address():
    paths = yaml.safe_load(COMMITTED.read_text())["paths"]
    assert {
        path.removeprefix("/api/v1/"): sorted(set(methods) - {"parameters"})
        for path, methods in paths.items()
    } == {
        "events/": ["get"],
        "imports/": ["get", "post"],
        "imports/{id}/": ["get"],
        "imports/{id}/commit/": ["post"],
        "interests/": ["get", "post"],
        "interests/{id}/": ["get"],
        "interests/{id}/decline/": ["post"],
        "interests/{id}/express/": ["post"],
        "interests/{id}/shortlist/": ["post"],
        "interests/{id}/take-back/": ["post"],
        "interests/{id}/undo-decline/": ["post"],
        "interests/{id}/unlist/": ["post"],
        "jurisdictions/": ["get"],
        "jurisdictions/{code}/": ["get"],
        "machines/": ["get"],
        "matches/preview/": ["post"],
        "me/": ["get"],
        "offers/": ["get", "post"],
        "offers/{id}/": ["get", "patch"],
        "offers/{id}/draft/": ["post"],
        "offers/{id}/pause/": ["post"],
        "offers/{id}/resume/": ["post"],
        "offers/{id}/submit/": ["post"],
        "offers/{id}/withdraw/": ["post"],
        "organizations/{handle}/": ["get"],
        "rates/": ["get"],
        "regulation-events/": ["get"],
        "requests/": ["get", "post"],
        "requests/{id}/": ["get", "patch"],
        "requests/{id}/matches/": ["get"],
        "requests/{id}/publish/": ["post"],
        "requests/{id}/withdraw/": ["post"],
        "sites/": ["get", "post"],
        "sites/{id}/": ["get", "patch"],
        "webhooks/": ["get", "post"],
        "webhooks/{id}/": ["delete", "get", "patch"],
        "webhooks/{id}/deliveries/": ["get"],
        "webhooks/{id}/deliveries/{delivery_id}/redeliver/": ["post"],
        "webhooks/{id}/disable/": ["post"],
        "webhooks/{id}/enable/": ["post"],
        "webhooks/{id}/rotate/": ["post"],
    }


@pytest.mark.django_db
def test_the_schema_is_served_to_a_stranger(stranger):
    answer = stranger.get(f"{API}/schema/")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["info"]["title"] == "Mining hotels"


@pytest.mark.django_db
def test_the_page_of_the_schema_keeps_to_the_policy_and_loads_from_here_only(stranger):
    page = stranger.get(f"{API}/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert "style=" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert text.count("<script") == text.count("<script src=") == 3
    script = stranger.get(f"{API}/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in script.content


@pytest.mark.django_db
def test_the_page_is_only_read(stranger):
    for path in ("docs/", "schema/"):
        is_problem(stranger.post(f"{API}/{path}"), 405, "method_not_allowed")
