"""The admin is for looking: every model is there, in a fixed number of queries, and what has a life of its
own can't be changed by a form."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ApiToken, Document, IdempotencyRecord, Invitation, Membership, OutboxMail, User
from accounts.services import licences, notices
from hosting.models import (
    FxRate,
    HashPrice,
    Import,
    Interest,
    JurisdictionFact,
    MachineModel,
    MatchList,
    MatchRun,
    Rate,
    RegulationEvent,
    RegulationRule,
    WebhookEndpoint,
)
from hosting.services import capacity, trust
from tests import factories
from tests.admin.rows import fill_further

pytestmark = pytest.mark.django_db
OURS = [model for app in ("accounts", "hosting") for model in apps.get_app_config(app).get_models()]
# Reference rows are written by staff, people by superusers.
ENTERED = [JurisdictionFact, RegulationRule, RegulationEvent, MachineModel, Rate, FxRate, HashPrice]
LOOKED_AT = [model for model in OURS if model not in (User, *ENTERED)]


def name(model):
    return model._meta.label_lower


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def fill(sam, number=1):
    """A row of every model, as many times as asked."""
    for _one in range(number):
        n = next(factories.numbers)
        code = f"{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}"
        factories.fact(code, "legal_status", "tolerated")
        factories.rule(code, "allow")
        RegulationEvent.objects.create(
            date=factories.TODAY,
            date_precision="day",
            jurisdiction=code,
            kind="policy",
            title=f"News {n}",
            confidence="high",
            updated_at=factories.NOW,
        )
        factories.rate("KZT", on=factories.TODAY - timedelta(n))
        factories.rate("", on=factories.TODAY - timedelta(n))
        machine = factories.machine()
        host = factories.organization("host")
        licences.add(organization=host, jurisdiction_code="KZ", type="mining", by=sam, now=factories.NOW)
        offer = factories.offer(factories.site(host, code), tiers=[(1, Decimal("0.05"))])
        trust.settle(offer=offer, field="price_basis", level="verified", by=sam, now=factories.NOW)
        request = factories.request()
        request.fleet.create(machine=machine, quantity=3)
        capacity.hold(
            offer=offer,
            kw=100,
            request=request,
            starts_on=factories.TODAY,
            ends_on=factories.TODAY + timedelta(30),
            held_until=factories.NOW + timedelta(3),
            by=sam,
            now=factories.NOW,
        )
        run = MatchRun.objects.create(trigger="test", as_of=factories.TODAY, started_at=factories.NOW)
        MatchList.objects.create(
            request=request, run=run, as_of=run.as_of, rows=[{}], updated_at=factories.NOW
        )
        Interest.objects.create(
            request=request, offer=offer, created_at=factories.NOW, updated_at=factories.NOW
        )
        notices.tell(recipients=[sam], code="test", about=f"test:{n}", now=factories.NOW)
        fill_further(person=sam, host=host, offer=offer, request=request)


def know_kinds():
    """The kinds of content are looked up once per process: let somebody have been here before."""
    ContentType.objects.get_for_models(*apps.get_models())
    ContentType.objects.get_for_models(*apps.get_models(), for_concrete_models=False)


def test_every_model_of_ours_is_registered():
    missing = [name(model) for model in OURS if not admin.site.is_registered(model)]
    assert missing == []


def test_every_model_can_be_listed_searched_and_opened_and_nothing_is_offered_to_change(client, sam):
    fill(sam)
    client.force_login(sam)
    for model in LOOKED_AT:
        page = client.get(address(model), {"q": "test"})
        assert page.status_code == 200, name(model)
        row = model._default_manager.order_by("pk").first()
        assert row is not None, f"{name(model)} has no row to look at"
        page = client.get(address(model, "change", row.pk))
        assert page.status_code == 200, name(model)
        assert 'name="_save"' not in page.content.decode(), name(model)


def test_nothing_can_be_added_changed_or_deleted_by_hand_either(client, sam):
    fill(sam)
    client.force_login(sam)
    for model in LOOKED_AT:
        row = model._default_manager.order_by("pk").first()
        assert client.get(address(model, "add")).status_code == 403, name(model)
        assert client.post(address(model, "add"), {}).status_code == 403, name(model)
        assert client.post(address(model, "change", row.pk), {}).status_code == 403, name(model)
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, name(model)
        chosen = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
        client.post(address(model), chosen)
        assert model._default_manager.filter(pk=row.pk).exists(), name(model)


def test_what_is_entered_is_never_deleted(client, sam):
    fill(sam)
    client.force_login(sam)
    for model in ENTERED:
        row = model._default_manager.order_by("pk").first()
        assert client.get(address(model, "add")).status_code == 200, name(model)
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, name(model)
        chosen = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
        client.post(address(model), chosen)
        assert model._default_manager.filter(pk=row.pk).exists(), name(model)


def test_every_list_has_columns_a_search_and_something_to_narrow_it_by():
    for model in OURS:
        shown = admin.site.get_model_admin(model)
        assert len(shown.list_display) > 1, name(model)
        assert shown.search_fields, name(model)
        assert shown.list_filter or shown.date_hierarchy, name(model)


def test_no_list_or_row_takes_more_queries_when_there_is_more(client, sam, django_assert_num_queries):
    client.force_login(sam)
    fill(sam, 2)
    pages = [address(model) for model in OURS]
    for model in OURS:
        row = model._default_manager.order_by("pk").first()
        pages += [address(model, "change", row.pk), address(model, "history", row.pk)]
    know_kinds()
    few = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200, page
        few[page] = len(queries)
    fill(sam, 4)
    for page in pages:
        with django_assert_num_queries(few[page], info=page):
            client.get(page)


def test_people_are_changed_by_superusers_only_and_never_deleted(client, sam, hanna):
    client.force_login(sam)
    page = client.get(address(User, "change", hanna.pk))
    assert 'name="_save"' in page.content.decode()
    form = page.context["adminform"].form
    values = {
        key: value
        for key, value in ((field, form[field].value()) for field in form.fields)
        if value not in (None, False, [])
    }
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    answer = client.post(address(User, "change", hanna.pk), {**values, **inline, "name": "Hanna Hosts"})
    assert answer.status_code == 302, answer.context["errors"]
    hanna.refresh_from_db()
    assert (hanna.name, hanna.is_active, hanna.check_password("pass-word-1")) == ("Hanna Hosts", True, True)
    assert client.post(address(User, "delete", hanna.pk), {"post": "yes"}).status_code == 403


def test_a_superuser_lets_somebody_in(client, sam):
    client.force_login(sam)
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    answer = client.post(
        address(User, "add"),
        {
            "email": "new@example.org",
            "usable_password": "true",
            "password1": "a-long-passphrase-7",
            "password2": "a-long-passphrase-7",
            **inline,
        },
    )
    assert answer.status_code == 302, answer.content
    assert client.login(email="new@example.org", password="a-long-passphrase-7")


def test_staff_who_are_no_superusers_change_nobody(client, hanna):
    helper = factories.user("helper@example.org", is_staff=True)
    client.force_login(helper)
    for model in OURS:
        assert client.get(address(model)).status_code == 403, name(model)
    assert client.get(address(User, "change", hanna.pk)).status_code == 403


def test_mallory_and_the_cast_do_not_get_in(client, mallory, hanna, steppe):
    for person in (mallory, hanna):
        client.force_login(person)
        answer = client.get(address(Membership))
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")


def test_no_file_token_or_letter_is_shown(client, sam):
    fill(sam)
    client.force_login(sam)
    for model, secret in (
        (Document, "secret-path"),
        (Invitation, Invitation.objects.latest("created_at").token_hash),
        (OutboxMail, "secret-token"),
        (ApiToken, ApiToken.objects.latest("created_at").token_hash),
        (IdempotencyRecord, "secret-answer"),
        (WebhookEndpoint, "secret-sealed"),
        (Import, "secret-content"),
    ):
        row = model.objects.get()
        for page in (address(model), address(model, "change", row.pk)):
            assert secret not in client.get(page).content.decode(), name(model)
