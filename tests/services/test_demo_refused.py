"""Where the demo market does not open."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization, User
from hosting.services import demo, seeding

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_it_is_refused_where_demo_is_off(settings):
    settings.DEMO = False
    seeding.seed(now=NOW)
    with pytest.raises(demo.Off):
        demo.open_market(now=NOW)
    with pytest.raises(CommandError, match="DEMO is not true"):
        call_command("demo")
    assert not User.objects.exists()


def test_production_refuses_it_even_with_the_setting_on(settings):
    settings.DEMO, settings.IS_PRODUCTION = True, True
    with pytest.raises(demo.Off):
        demo.open_market(now=NOW)


def test_it_needs_the_reference_data(settings):
    settings.DEMO = True
    with pytest.raises(demo.NothingToBuildOn):
        demo.open_market(now=NOW)
    assert not Organization.objects.exists()
