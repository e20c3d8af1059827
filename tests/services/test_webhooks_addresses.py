"""Where a webhook may go: to the public internet, whatever a name resolves to."""

import ipaddress
import socket

import pytest

from hosting.adapters import addresses

PRIVATE = [
    *("127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "::127.0.0.1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::1"),
    *("2001:0:7f00:1::", "fe80::1%eth0"),
]


@pytest.mark.parametrize("number", PRIVATE)
def test_an_address_that_is_not_public_is_never_called(number):
    assert not addresses.is_callable(ipaddress.ip_address(number))
    with pytest.raises(addresses.Refused, match="private_address"):
        resolve("hooks.example", number)


@pytest.mark.parametrize("number", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_called(number):
    assert resolve("hooks.example", number) == [number]


def resolve(host, *numbers, url="https://{host}/"):
    target = addresses.parse(url.format(host=host))
    return addresses.checked(target, resolver=lambda host, port: list(numbers))


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(addresses.Refused, match="private_address"):
        resolve("hooks.example", "8.8.8.8", "10.0.0.1")


def test_a_name_that_resolves_to_nothing_is_refused():
    def away(host, port):
        raise socket.gaierror("no such name")

    with pytest.raises(addresses.Refused, match="unresolved"):
        resolve("hooks.example")
    with pytest.raises(addresses.Refused, match="unresolved"):
        addresses.checked(addresses.parse("https://hooks.example"), resolver=away)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example/", "not_https"),
        ("ftp://hooks.example/", "not_https"),
        ("gopher://hooks.example/", "not_https"),
        ("hooks.example", "not_https"),
        ("https://", "bad_url"),
        ("https:///path", "bad_url"),
        ("https://user:secret@hooks.example/", "bad_url"),
        ("https://user@hooks.example/", "bad_url"),
        ("https://hooks.example/#part", "bad_url"),
        ("https://hooks.example:0/", "bad_url"),
        ("https://hooks.example:99999/", "bad_url"),
        ("https://hooks.example/a b", "bad_url"),
        ("https://hooks.example/\r\nHost: other", "bad_url"),
        ("https://hooks.example\\@10.0.0.1/", "bad_url"),
        ("https://пример.рф/", "bad_url"),
        ("https://-bad.example/", "bad_url"),
        ("https://2130706433/", "bad_url"),
        ("https://127.1/", "bad_url"),
        ("https://0x7f.1/", "bad_url"),
        ("https://0177.0.0.1/", "bad_url"),
        ("https://hooks.example." + "/", "bad_url"),
        ("https://hooks.example/" + "a" * 500, "bad_url"),
        ("https://[::1]/", "private_address"),
        ("https://127.0.0.1/", "private_address"),
        ("https://169.254.169.254/latest/meta-data/", "private_address"),
        ("https://[::ffff:169.254.169.254]/", "private_address"),
    ],
)
def test_an_address_of_another_form_is_refused(url, code):
    with pytest.raises(addresses.Refused) as refused:
        addresses.parse(url)
    assert refused.value.code == code


def test_plain_http_is_for_loopback_where_that_is_allowed_and_for_nothing_else():
    here = addresses.parse("http://localhost:8000/", allows_loopback=True)
    given = {"allows_loopback": True}
    assert addresses.checked(here, resolver=lambda host, port: ["127.0.0.1"], **given) == ["127.0.0.1"]
    with pytest.raises(addresses.Refused, match="not_https"):
        addresses.checked(here, resolver=lambda host, port: ["8.8.8.8"], **given)
    with pytest.raises(addresses.Refused, match="private_address"):
        addresses.checked(here, resolver=lambda host, port: ["10.0.0.1"], **given)
