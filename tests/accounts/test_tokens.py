"""Tokens: made once, kept as a hash, used, revoked; by owners and on the server."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken, Event, Role
from accounts.services import acting, members, organizations, tokens
from accounts.services.errors import Invalid, NotAllowed
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def make(organization, by, **more):
    given = {"scopes": ["market:read"], **more}
    return tokens.make(organization=organization, by=by, now=NOW, **given)


def test_the_token_is_kept_as_a_hash_and_nothing_of_its_secret_is_stored(steppe, hanna):
    made, secret = make(steppe, hanna)
    row = ApiToken.objects.filter(pk=made.pk).values().get()
    kept = " ".join(str(value) for value in row.values())
    assert secret.startswith(f"{made.prefix}_")
    assert secret.removeprefix(f"{made.prefix}_") not in kept
    assert row["token_hash"] == tokens.hashed(secret)
    assert secret not in str(list(Event.objects.values_list("params", flat=True)))


def test_no_two_tokens_are_alike_and_each_holds_256_bits(steppe, hanna):
    secrets = {make(steppe, hanna)[1] for _number in range(10)}
    assert len(secrets) == 10
    # 32 bytes in base64 without padding are 43 letters.
    assert all(len(secret.split("_", 2)[2]) == 43 for secret in secrets)


def test_scopes_stand_once_and_in_their_own_order(steppe, hanna):
    made, _secret = make(steppe, hanna, scopes=["offers:write", "market:read", "offers:write"])
    assert made.scopes == ["market:read", "offers:write"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["market:read", "all"]}, "scopes"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 99_999}, "expires_in_days"),
    ],
)
def test_what_can_not_be_a_token_is_refused_by_field(steppe, hanna, changes, field):
    with pytest.raises(Invalid) as refused:
        make(steppe, hanna, **changes)
    assert list(refused.value.fields) == [field]
    assert not ApiToken.objects.exists()


def test_a_form_sent_twice_makes_one_token(steppe, hanna):
    made, _secret = make(steppe, hanna)
    with pytest.raises(tokens.MadeAlready):
        make(steppe, hanna, id=made.pk)
    assert ApiToken.objects.count() == 1


def test_an_organization_has_so_many_live_tokens_and_no_more(steppe, hanna, monkeypatch):
    monkeypatch.setattr(tokens, "MOST_LIVE", 1)
    first, _secret = make(steppe, hanna)
    with pytest.raises(tokens.TooMany):
        make(steppe, hanna)
    tokens.revoke(token=first, by=hanna, now=NOW)
    assert make(steppe, hanna)


def test_a_token_is_found_until_its_last_moment_and_not_at_it(steppe, hanna):
    made, secret = make(steppe, hanna, expires_in_days=30)
    end = NOW + timedelta(days=30)
    assert tokens.find(token=secret, now=end - timedelta(seconds=1)) == made
    assert tokens.find(token=secret, now=end) is None
    assert tokens.find(token=secret + "x", now=NOW) is None


def test_a_revoked_token_stops_at_once_and_is_not_revoked_twice(steppe, hanna):
    made, secret = make(steppe, hanna)
    tokens.revoke(token=made, by=hanna, now=NOW)
    assert tokens.find(token=secret, now=NOW) is None
    assert made.revoked_at == NOW
    with pytest.raises(tokens.RevokedAlready):
        tokens.revoke(token=made, by=hanna, now=NOW)
    events = Event.objects.filter(subject_id=made.pk).order_by("pk")
    assert [(one.code, one.by, one.on_behalf_of) for one in events] == [
        ("made", hanna.pk, steppe.pk),
        ("revoked", hanna.pk, steppe.pk),
    ]


def test_its_last_use_is_written_at_most_once_a_minute(steppe, hanna, django_assert_num_queries):
    made, secret = make(steppe, hanna)
    for seconds, expected in ((0, 0), (30, 0), (59, 0), (60, 60), (90, 60)):
        with django_assert_num_queries(2 if seconds in (0, 60) else 1):
            found = tokens.find(token=secret, now=NOW)
            tokens.used(token=found, now=NOW + timedelta(seconds=seconds))
        made.refresh_from_db()
        assert made.last_used_at == NOW + timedelta(seconds=expected)


def test_a_token_acts_as_a_trader_of_its_organization_and_is_never_staff(steppe, sam):
    organizations.join(organization=steppe, user=sam, role=Role.OWNER, by=sam, now=NOW)
    made, _secret = make(steppe, sam)
    viewer = acting.as_token(made)
    assert (viewer.user, viewer.organization, viewer.role) == (sam, steppe, Role.TRADER)
    assert not viewer.is_staff
    assert viewer.may("write")
    assert not viewer.may("sign")
    assert viewer.may_call("market:read")
    assert not viewer.may_call("offers:write")


def test_a_token_acts_for_no_other_organization(steppe, hanna):
    factories.organization("miner", by=hanna, handle="second-hat")
    made, _secret = make(steppe, hanna)
    assert acting.as_token(made, handle="steppe-power").organization == steppe
    with pytest.raises(NotAllowed):
        acting.as_token(made, handle="second-hat")


def test_an_owner_answers_for_it_after_its_maker_has_left(steppe, hanna, paul):
    member = organizations.join(organization=steppe, user=paul, role=Role.OWNER, by=hanna, now=NOW)
    made, _secret = make(steppe, paul)
    assert acting.as_token(made).user == paul
    members.remove(membership=member, by=hanna, now=NOW)
    assert acting.as_token(made).user == hanna


def test_the_command_prints_the_token_and_nothing_else(steppe):
    out = StringIO()
    call_command(
        "create_token", "steppe-power", "--scope", "offers:write", "market:read", "--expires-in-days", "7",
        stdout=out,
    )  # fmt: skip
    (line,) = out.getvalue().splitlines()
    made = ApiToken.objects.get(token_hash=tokens.hashed(line))
    assert (made.organization, made.scopes) == (steppe, ["market:read", "offers:write"])
    assert made.expires_at - made.created_at == timedelta(days=7)
    assert made.made_by is None


def test_the_command_takes_a_scope_at_a_time_too(steppe):
    call_command(
        "create_token", "steppe-power", "--scope", "market:read", "--scope", "deals:write", stdout=StringIO()
    )
    assert ApiToken.objects.get().scopes == ["market:read", "deals:write"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody", "--scope", "market:read"), "nobody"),
        (("steppe-power", "--scope", "everything"), "invalid choice"),
        (("steppe-power",), "--scope"),
        (("steppe-power", "--scope", "market:read", "--expires-in-days", "0"), "expires_in_days"),
    ],
)
def test_the_command_says_what_is_wrong_and_makes_nothing(steppe, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("create_token", *arguments, stdout=StringIO())
    assert not ApiToken.objects.exists()
