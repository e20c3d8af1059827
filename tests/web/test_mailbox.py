"""The mails of a laptop: on a page for staff, as they were written; nowhere else."""

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from tests.web.reading import text

pytestmark = pytest.mark.django_db
FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = FILES
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


@pytest.fixture
def browser(sam):
    made = Client()
    made.force_login(sam)
    return made


def write(*letters):
    connection = mail.get_connection(FILES)
    connection.send_messages([EmailMessage(subject, body, to=[to]) for to, subject, body in letters])


def test_staff_reads_what_would_have_been_sent_the_newest_first(folder, browser):
    write(
        ("min@example.org", "你好 first", "Line one\n\nКод <b>77</b>"),
        ("mina@example.org", "second", "https://market.example/x"),
    )
    page = text(browser.get("/staff/mail/"))
    assert page.index("second") < page.index("你好 first")
    assert "Код &lt;b&gt;77&lt;/b&gt;" in page
    assert '<a href="https://market.example/x"' in page


def test_an_empty_mailbox_says_so(folder, browser):
    assert "No mail yet." in text(browser.get("/staff/mail/"))


def test_it_is_not_there_for_others_nor_where_mail_is_really_sent(folder, browser, mallory, settings):
    other = Client()
    other.force_login(mallory)
    assert other.get("/staff/mail/").status_code == 404
    settings.IS_PRODUCTION = True
    assert browser.get("/staff/mail/").status_code == 404
    settings.IS_PRODUCTION = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert browser.get("/staff/mail/").status_code == 404
