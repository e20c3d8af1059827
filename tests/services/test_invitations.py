"""Invitations: for one mailbox, for a week, once."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Invitation, OutboxMail
from accounts.services import invitations, lifecycle
from accounts.services.errors import Invalid
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


class Post:
    """Keeps the token that goes into a mail's link."""

    def __call__(self, token):
        self.token = token
        return f"https://market.example/invitations/{token}/"


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def invite(red_river, min_, post):
    def invited(email="mallory@example.org", role="trader", now=NOW):
        return invitations.invite(
            organization=red_river, email=email, role=role, address=post, by=min_, now=now
        )

    return invited


def test_the_mail_carries_the_link_and_the_database_only_a_hash(invite, post):
    made = invite("Mallory@Example.org")
    letter = OutboxMail.objects.get()
    assert letter.to == "mallory@example.org"
    assert f"/invitations/{post.token}/" in letter.text
    assert "Red River Mining" not in letter.subject + letter.text
    assert post.token not in str(Invitation.objects.values().get())
    assert invitations.find(token=post.token) == made
    assert invitations.find(token=post.token + "x") is None


def test_whoever_owns_the_address_joins_with_the_role(invite, post, mallory, red_river):
    invite()
    member = invitations.accept(invitation=invitations.find(token=post.token), user=mallory, now=NOW)
    assert (member.organization, member.role) == (red_river, "trader")


def test_it_is_accepted_once(invite, mallory, hanna):
    made = invite()
    invitations.accept(invitation=made, user=mallory, now=NOW)
    with pytest.raises(invitations.Over):
        invitations.accept(invitation=made, user=mallory, now=NOW)


def test_of_two_acceptances_at_once_the_second_is_refused(invite, mallory):
    made = invite()
    seen_by_another = Invitation.objects.get(pk=made.pk)
    invitations.accept(invitation=made, user=mallory, now=NOW)
    with pytest.raises(lifecycle.SomebodyWasFirst):
        invitations.accept(invitation=seen_by_another, user=mallory, now=NOW)


def test_another_person_cannot_use_it(invite, hanna, red_river):
    made = invite()
    with pytest.raises(invitations.NotYours):
        invitations.accept(invitation=made, user=hanna, now=NOW)
    assert not red_river.memberships.filter(user=hanna).exists()


def test_an_address_that_is_not_confirmed_is_nobodys(invite, mallory):
    EmailAddress.objects.filter(user=mallory).update(verified=False)
    with pytest.raises(invitations.NotYours):
        invitations.accept(invitation=invite(), user=mallory, now=NOW)


def test_its_week_is_half_open(invite, mallory):
    made = invite()
    assert made.is_open(NOW + WEEK - timedelta(microseconds=1))
    with pytest.raises(invitations.Over):
        invitations.accept(invitation=made, user=mallory, now=NOW + WEEK)


def test_one_open_invitation_per_address_and_a_new_one_after_its_week(invite):
    first = invite()
    with pytest.raises(invitations.AlreadyInvited):
        invite()
    second = invite(now=NOW + WEEK)
    first.refresh_from_db()
    assert (first.status, second.status) == ("expired", "open")


def test_sending_again_voids_the_earlier_link_and_gives_a_new_week(invite, post, min_):
    made = invite()
    earlier = post.token
    invitations.resend(invitation=made, address=post, by=min_, now=NOW + WEEK)
    assert invitations.find(token=earlier) is None
    assert invitations.find(token=post.token).is_open(NOW + WEEK)
    assert OutboxMail.objects.count() == 2


def test_a_revoked_one_opens_nothing_and_is_not_sent_again(invite, post, min_, mallory):
    made = invite()
    invitations.revoke(invitation=made, by=min_, now=NOW)
    with pytest.raises(invitations.Over):
        invitations.accept(invitation=made, user=mallory, now=NOW)
    with pytest.raises(invitations.Over):
        invitations.resend(invitation=made, address=post, by=min_, now=NOW)


def test_members_and_unknown_roles_are_not_invited(invite, mina):
    with pytest.raises(Invalid) as refused:
        invite("mina@example.org")
    assert "email" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        invite(role="king")
    assert "role" in refused.value.fields
    assert not OutboxMail.objects.exists()
