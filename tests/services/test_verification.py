"""Verification: a dossier, staff's reasons, a year, and two people to lift a suspension."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.models import Event, Organization
from accounts.services import documents, dossiers, lifecycle, organizations
from accounts.services.errors import Invalid, NotAllowed
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def yard(mallory):
    """Not verified, with a complete dossier, its sanctions not looked up yet."""
    made = factories.organization(
        "host",
        by=mallory,
        is_verified=False,
        registration_number="77",
        sanctions_result="not_checked",
        sanctions_checked_on=None,
    )
    file = ContentFile(PDF, name="extract.pdf")
    documents.hand_in(organization=made, kind="registration", file=file, by=mallory, now=NOW)
    return made


def submit(yard, by, now=NOW):
    dossiers.submit(organization=yard, version=yard.version, by=by, now=now)


def check(yard, by, result="clear", now=NOW):
    organizations.check_sanctions(organization=yard, result=result, reference="UN 7", by=by, now=now)


def take_up(yard, mallory, sam):
    submit(yard, mallory)
    organizations.take_up(organization=yard, by=sam, now=NOW)


def test_a_dossier_with_gaps_is_not_submitted_and_says_which(mallory):
    bare = factories.organization("host", by=mallory, is_verified=False)
    with pytest.raises(Invalid) as refused:
        submit(bare, mallory)
    assert len(refused.value.fields["dossier"]) == 2
    assert Organization.objects.get(pk=bare.pk).verification == "unverified"


def test_a_rejected_or_expired_extract_is_a_gap(yard, mallory, sam):
    assert dossiers.gaps(organization=yard, today=NOW.date()) == []
    extract = yard.documents.get()
    yard.documents.update(expires_on=NOW.date())
    assert len(dossiers.gaps(organization=yard, today=NOW.date())) == 1
    yard.documents.update(expires_on=None)
    documents.review(document=extract, to="rejected", by=sam, why="Unreadable.", now=NOW)
    assert len(dossiers.gaps(organization=yard, today=NOW.date())) == 1


def test_a_stale_dossier_is_not_submitted(yard, mallory):
    with pytest.raises(lifecycle.Stale):
        dossiers.submit(organization=yard, version=yard.version - 1, by=mallory, now=NOW)


def test_staff_verifies_after_a_clear_and_fresh_sanctions_check(yard, mallory, sam):
    take_up(yard, mallory, sam)
    approve = {"organization": yard, "by": sam, "why": "All seen.", "now": NOW}
    with pytest.raises(organizations.NotChecked):
        organizations.approve(**approve)
    check(yard, sam, "hit")
    with pytest.raises(organizations.NotChecked):
        organizations.approve(**approve)
    check(yard, sam, now=NOW - timedelta(days=91))
    with pytest.raises(organizations.NotChecked):
        organizations.approve(**approve)
    check(yard, sam, now=NOW - timedelta(days=90))
    organizations.approve(**approve)
    assert (yard.verification, yard.verified_at) == ("verified", NOW)


@pytest.mark.parametrize(
    ("verb", "status"), [("reject", "rejected"), ("ask_more", "info_needed"), ("suspend", "suspended")]
)
def test_every_no_has_a_reason_that_the_organization_reads(verb, status, yard, mallory, sam):
    take_up(yard, mallory, sam)
    with pytest.raises(Invalid) as refused:
        getattr(organizations, verb)(organization=yard, by=sam, why="  ", now=NOW)
    assert list(refused.value.fields) == ["why"]
    getattr(organizations, verb)(organization=yard, by=sam, why=" The extract is of 2019. ", now=NOW)
    assert yard.verification == status
    (answer,) = dossiers.answers(organization=yard)
    assert (answer.why, answer.by) == ("The extract is of 2019.", sam.pk)


def test_after_a_no_it_can_be_submitted_again(yard, mallory, sam):
    take_up(yard, mallory, sam)
    organizations.ask_more(organization=yard, by=sam, why="More.", now=NOW)
    submit(yard, mallory)
    assert yard.verification == "submitted"


@pytest.mark.parametrize("verb", ["approve", "reject", "ask_more", "suspend", "propose_lift", "lift"])
def test_nobody_but_staff_decides(verb, yard, mallory):
    events = Event.objects.count()
    with pytest.raises(NotAllowed):
        getattr(organizations, verb)(organization=yard, by=mallory, why="me", now=NOW)
    assert Event.objects.count() == events


def test_staff_cannot_skip_a_step(yard, sam):
    check(yard, sam)
    with pytest.raises(lifecycle.NoSuchMove):
        organizations.approve(organization=yard, by=sam, why="friend", now=NOW)


def test_a_suspension_is_lifted_by_two(steppe, sam, sara):
    since = steppe.verified_at
    given = {"organization": steppe, "why": "Explained.", "now": NOW + timedelta(days=9)}
    organizations.suspend(organization=steppe, by=sam, why="Complaint.", now=NOW)
    with pytest.raises(organizations.NotProposed):
        organizations.lift(by=sara, **given)
    organizations.propose_lift(by=sam, **given)
    with pytest.raises(organizations.SecondPerson):
        organizations.lift(by=sam, **given)
    with pytest.raises(organizations.NotProposed):
        organizations.propose_lift(by=sara, **given)
    organizations.lift(by=sara, **given)
    assert (steppe.verification, steppe.verified_at, steppe.lift_proposed_by) == ("verified", since, None)


def test_a_new_suspension_needs_a_new_proposal(steppe, sam, sara):
    given = {"organization": steppe, "why": "Because.", "now": NOW}
    organizations.suspend(by=sam, **given)
    organizations.propose_lift(by=sam, **given)
    organizations.lift(by=sara, **given)
    organizations.suspend(by=sam, **given)
    with pytest.raises(organizations.NotProposed):
        organizations.lift(by=sara, **given)


def test_a_verification_ends_after_twelve_months_to_the_second(steppe):
    ends = organizations.verified_until(steppe.verified_at)
    assert ends == NOW.replace(year=NOW.year + 1)
    assert organizations.expire_due(now=ends - timedelta(seconds=1)) == 0
    assert organizations.expire_due(now=ends) == 1
    assert organizations.expire_due(now=ends) == 0
    steppe.refresh_from_db()
    assert steppe.verification == "expired"


def test_a_verification_of_a_leap_day_ends_on_the_28th():
    assert organizations.verified_until(datetime(2028, 2, 29, tzinfo=UTC)).date().isoformat() == "2029-02-28"


def test_a_suspended_one_does_not_expire_behind_its_suspension(steppe, sam):
    organizations.suspend(organization=steppe, by=sam, why="Complaint.", now=NOW)
    assert organizations.expire_due(now=NOW + timedelta(days=800)) == 0
