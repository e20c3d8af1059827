"""What is sent is signed by the Standard Webhooks, with secrets that are stored sealed."""

from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from accounts.adapters import sealing
from hosting.adapters import signing


def test_the_standards_own_vector_is_signed_as_it_says():
    made = signing.headers(
        keys=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body='{"test": 2432232314}',
    )
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_of_two_secrets_verifies_and_a_third_does_not():
    keys = [signing.new_secret(), signing.new_secret()]
    made = signing.headers(keys=keys, message_id="m", at=datetime.now(UTC), body="{}")
    assert made["webhook-signature"].count("v1,") == 2
    for key in keys:
        assert Webhook(key).verify("{}", made) == {}
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.new_secret()).verify("{}", made)
    with pytest.raises(WebhookVerificationError):
        Webhook(keys[0]).verify('{"more":1}', made)


def test_a_sealed_secret_opens_with_the_key_in_use_and_with_one_going_out_of_use(settings):
    sealed = sealing.seal("whsec_x")
    assert "whsec_x" not in sealed
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-newer-one"
    assert sealing.unseal(sealed) == "whsec_x"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed)
