"""Staff decides in the admin: with a reason, about what was looked at, by whoever may."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.services import documents, licences, organizations
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def yard(mallory):
    """Submitted, with its sanctions not looked up."""
    made = factories.organization(
        "host", by=mallory, is_verified=False, sanctions_result="not_checked", sanctions_checked_on=None
    )
    organizations.submit(organization=made, by=mallory, now=NOW)
    return made


def address(row, step=""):
    page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return page.replace("change/", f"step/{step}/") if step else page


def take(client, row, step, **data):
    row.refresh_from_db()
    return client.post(address(row, step), {"version": row.version, **data})


def test_the_queue_shows_who_submitted(client, sam, yard, steppe):
    client.force_login(sam)
    page = client.get("/admin/accounts/organization/", {"verification__exact": "submitted"})
    assert [row.handle for row in page.context["cl"].result_list] == [yard.handle]


def test_a_dossier_goes_from_the_queue_to_verified(client, sam, sara, yard):
    client.force_login(sam)
    assert "step/take-up/" in client.get(address(yard)).content.decode()
    assert take(client, yard, "take-up").status_code == 302
    assert take(client, yard, "approve", why="Seen.").status_code == 409
    assert take(client, yard, "sanctions", result="clear", reference="UN 7").status_code == 302
    assert take(client, yard, "approve", why=" ").status_code == 400
    assert take(client, yard, "approve", why="Seen.").status_code == 302
    yard.refresh_from_db()
    assert (yard.verification, yard.sanctions_reference) == ("verified", "UN 7")
    page = client.get(address(yard)).content.decode()
    assert "Seen." in page
    assert "step/suspend/" in page
    assert "step/approve/" not in page


def test_a_suspension_is_lifted_by_two_of_the_staff(client, sam, sara, steppe):
    client.force_login(sam)
    take(client, steppe, "suspend", why="Complaint.")
    take(client, steppe, "propose-lift", why="Explained.")
    assert take(client, steppe, "lift", why="Explained.").status_code == 403
    client.force_login(sara)
    assert take(client, steppe, "lift", why="Agreed.").status_code == 302
    steppe.refresh_from_db()
    assert steppe.is_verified


def test_who_decides_about_what_changed_meanwhile_is_told(client, sam, yard):
    client.force_login(sam)
    answer = client.post(address(yard, "take-up"), {"version": yard.version - 1})
    assert answer.status_code == 409
    yard.refresh_from_db()
    assert yard.verification == "submitted"


def test_papers_and_licences_are_reviewed_with_a_reason(client, sam, yard, mallory):
    paper = documents.hand_in(
        organization=yard, kind="licence", file=ContentFile(b"%PDF-1.7", name="a.pdf"), by=mallory, now=NOW
    )
    licence = licences.add(
        organization=yard, jurisdiction_code="KZ", type="kz-mining", document=paper, by=mallory, now=NOW
    )
    client.force_login(sam)
    assert f"/documents/{paper.pk}/" in client.get(address(paper)).content.decode()
    for row in (paper, licence):
        assert take(client, row, "accept").status_code == 400
        assert take(client, row, "accept", why="Seen.").status_code == 302
        assert take(client, row, "accept", why="Again.").status_code == 409
        assert take(client, row, "reject", why="It was forged.").status_code == 302
        row.refresh_from_db()
        assert row.review == "rejected"


def test_steps_need_the_right_and_a_row(client, sam, hanna, yard):
    helper = factories.user("helper@example.org", is_staff=True)
    client.force_login(helper)
    assert client.get(address(yard, "take-up")).status_code == 403
    helper.user_permissions.add(Permission.objects.get(codename="change_organization"))
    assert client.get(address(yard, "take-up")).status_code == 200
    client.force_login(sam)
    assert client.get(address(yard, "dance")).status_code == 404
    client.force_login(hanna)
    assert take(client, yard, "take-up").status_code == 302
    yard.refresh_from_db()
    assert yard.verification == "submitted"
