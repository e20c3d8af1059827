"""The outbox: a mail is queued with its change, sent later, delayed by a server that is down, never lost."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from accounts.models import OutboxMail
from accounts.services import mail
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def queue(key="", to="min@example.org", **fields):
    return mail.queue(key=key, now=NOW, **{"to": to, "subject": "News", "text": "Some.", **fields})


def send(now=NOW, **options):
    return mail.send_due(clock=lambda: now, **options)


@pytest.fixture
def server(monkeypatch):
    """What the mail server does with each mail: an error to raise, or None to take it."""
    answers = []
    taken = EmailBackend.send_messages

    def answer(backend, messages):
        error = answers.pop(0) if answers else None
        if error is not None:
            raise error
        return taken(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", answer)
    return answers


def test_a_queued_mail_goes_out_once():
    letter = queue()
    assert send() == 1
    assert send(NOW + timedelta(days=3)) == 0
    assert [(sent.to, sent.subject, sent.body) for sent in django_mail.outbox] == [
        (["min@example.org"], "News", "Some.")
    ]
    letter.refresh_from_db()
    assert (letter.sent_at, letter.attempts) == (NOW, 1)


def test_queueing_sends_nothing_by_itself():
    queue()
    assert django_mail.outbox == []


def test_a_mail_goes_with_the_change_it_speaks_of():
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()


def test_the_same_mail_is_queued_once():
    assert queue("notice:1").pk == queue("notice:1", text="Again.").pk
    assert queue("notice:2").pk != queue("notice:3").pk
    assert send() == 3


def test_a_line_break_can_not_add_a_header():
    assert queue(subject="News\nBcc: mallory@example.org").subject == "News Bcc: mallory@example.org"


def test_a_server_that_is_down_delays_and_never_loses(server):
    first, second = queue(), queue()
    server.append(ConnectionRefusedError("refused"))
    assert send() == 0
    for letter in (first, second):
        letter.refresh_from_db()
        assert letter.sent_at is None
        assert letter.next_try_at > NOW
    assert "ConnectionRefusedError" in first.error + second.error
    # Only one was tried: the other would have waited for the same silence.
    assert first.attempts + second.attempts == 1
    assert send(NOW + timedelta(hours=2)) == 2


def test_waits_grow_to_an_hour_and_are_scattered():
    first = {mail.wait_after(1) for _ in range(30)}
    assert len(first) > 20
    assert max(first) <= timedelta(seconds=45)
    assert max(mail.wait_after(10_000) for _ in range(30)) <= timedelta(minutes=90)


def test_a_server_that_is_down_for_days_gets_the_mail_in_the_end(server):
    letter = queue()
    server.extend([smtplib.SMTPServerDisconnected("gone")] * 48)
    for hour in range(0, 4 * 24, 2):
        assert send(NOW + timedelta(hours=hour)) == 0
    letter.refresh_from_db()
    assert letter.attempts == 48
    assert send(NOW + timedelta(days=5)) == 1


def test_an_address_the_server_refuses_does_not_hold_up_the_others(server):
    queue("a", to="gone@example.org")
    queue("b")
    server.append(smtplib.SMTPRecipientsRefused({"gone@example.org": (550, b"no such user")}))
    assert send() == 1
    refused = OutboxMail.objects.get(refused_at__isnull=False)
    assert refused.sent_at is None
    assert "example.org" not in refused.error
    assert send(NOW + timedelta(days=9)) == 0


def test_an_address_that_is_refused_for_now_is_tried_again(server):
    queue()
    server.append(smtplib.SMTPRecipientsRefused({"min@example.org": (451, b"greylisted")}))
    assert send() == 0
    assert OutboxMail.objects.get().refused_at is None
    assert send(NOW + timedelta(minutes=2)) == 1


def test_a_mail_in_somebodys_hands_is_left_to_them_until_the_lease_is_over():
    queue()
    assert mail._claim(NOW) is not None
    assert send(NOW + timedelta(minutes=4)) == 0
    assert send(NOW + timedelta(minutes=6)) == 1


def test_a_repeated_mail_bears_the_same_name_so_that_a_receiver_drops_it(monkeypatch):
    queue()
    send()
    # The sender died between sending and recording.
    OutboxMail.objects.update(sent_at=None)
    send(NOW + timedelta(minutes=6))
    first, second = (sent.message()["Message-ID"] for sent in django_mail.outbox)
    assert first == second


def test_the_server_is_spoken_to_outside_any_transaction(monkeypatch, transactional_db):
    queue()
    seen = []

    def look(backend, messages):
        seen.append(transaction.get_connection().in_atomic_block)
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", look)
    assert send() == 1
    assert seen == [False]


def test_no_log_line_names_an_address(server, caplog):
    queue(subject="A secret matter")
    server.append(smtplib.SMTPSenderRefused(550, b"min@example.org", "min@example.org"))
    send()
    assert "was not sent" in caplog.text
    assert "example.org" not in caplog.text
    assert "secret" not in caplog.text


def test_what_was_sent_long_ago_is_forgotten_and_what_waits_never_is(server):
    queue("sent")
    send()
    waiting = queue("waiting")
    server.extend([ConnectionRefusedError("refused")])
    send()
    assert mail.forget(now=NOW + timedelta(days=29)) == 0
    assert mail.forget(now=NOW + timedelta(days=400)) == 1
    assert list(OutboxMail.objects.all()) == [waiting]
