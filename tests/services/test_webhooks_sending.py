"""Over HTTP: to the checked address, without redirects, and no longer than it may take."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hosting.adapters import webhooks


class Receiver(BaseHTTPRequestHandler):
    """Keeps what comes, and answers as the test says."""

    answer = staticmethod(lambda handler: handler.send(204))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        type(self.server).answer(self)

    def send(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Nothing: the test looks at what was taken."""


@contextmanager
def receiving(answer, tls=None):
    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            """The other side may hang up: that is what some tests are about."""

    Server.answer = staticmethod(answer)
    server = Server(("127.0.0.1", 0), Receiver)
    server.taken = []
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def post(server, *, path="/hooks?key=1", host="127.0.0.1", scheme="http", resolver=None, **options):
    sender = webhooks.OverHttp(
        allows_loopback=True, resolver=resolver or (lambda host, port: ["127.0.0.1"]), **options
    )
    url = f"{scheme}://{host}:{server.server_address[1]}{path}"
    return sender.send(url=url, body=b'{"a":1}', headers={"webhook-id": "m1"})


def answering(status, body=b"", **headers):
    return lambda handler: handler.send(status, body, **headers)


def test_a_message_arrives_as_it_was_signed():
    with receiving(answering(204)) as server:
        answer = post(server)
    assert (answer.status, answer.error) == (204, "")
    ((path, headers, body),) = server.taken
    assert (path, body, headers["webhook-id"]) == ("/hooks?key=1", b'{"a":1}', "m1")
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"] == f"127.0.0.1:{server.server_address[1]}"


def test_a_redirect_is_an_answer_and_is_not_followed():
    with receiving(answering(204)) as other:
        elsewhere = f"http://127.0.0.1:{other.server_address[1]}/inside"
        with receiving(answering(302, Location=elsewhere)) as server:
            assert post(server).status == 302
        assert other.taken == []


def test_an_endless_answer_is_cut_off():
    sent = []

    def endless(handler):
        handler.send(200)
        while len(sent) < 100_000:
            handler.wfile.write(b"x" * 16_384)
            sent.append(16_384)

    with receiving(endless) as server:
        assert post(server).status == 200
        time.sleep(0.2)
    assert sum(sent) < 20_000_000


def test_endless_headers_are_no_answer():
    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1_000_000):
            handler.wfile.write(b"X-%d: more\r\n" % number)

    with receiving(endless) as server:
        assert post(server).error == "bad_answer"


def test_what_is_not_http_is_a_bad_answer():
    with receiving(lambda handler: handler.wfile.write(b"SSH-2.0-server\r\n")) as server:
        answer = post(server)
    assert (answer.status, answer.error) == (None, "bad_answer")


def test_one_that_drips_is_given_up_on_when_its_time_is_over():
    def drip(handler):
        for sign in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
            handler.wfile.write(bytes([sign]))
            time.sleep(0.02)

    with receiving(drip) as server:
        began = time.monotonic()
        answer = post(server, seconds=0.4)
    assert (answer.status, answer.error) == (None, "timeout")
    assert time.monotonic() - began < 2


def test_nobody_there_is_said_so():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sender = webhooks.OverHttp(allows_loopback=True)
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        answer = sender.send(url=url, body=b"{}", headers={})
    assert (answer.status, answer.error) == (None, "unreachable")


def test_a_name_that_changes_its_address_between_check_and_connection_gains_nothing(monkeypatch):
    """DNS rebinding: public when it is checked, loopback when somebody would ask again."""
    asked, called = [], []

    def rebinding(host, port):
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address, timeout):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    sender = webhooks.OverHttp(resolver=rebinding)
    answer = sender.send(url="https://rebind.example/", body=b"{}", headers={})
    assert answer.error == "unreachable"
    assert asked == ["rebind.example"]
    assert called == [("93.184.215.14", 443)]


def test_outside_of_development_a_receiver_on_this_machine_is_not_called():
    with receiving(answering(204)) as server:
        sender = webhooks.OverHttp(resolver=lambda host, port: ["127.0.0.1"])
        url = f"https://hooks.example:{server.server_address[1]}/"
        assert sender.send(url=url, body=b"{}", headers={}).error == "private_address"
        assert server.taken == []


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """(the server's side, the client's side) of TLS for hooks.example, of a maker the client trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=folder / "cert.pem")


def test_over_tls_the_number_is_called_and_the_name_is_asked_for(certified):
    serving, trusting = certified
    names = []
    serving.sni_callback = lambda connection, name, context: names.append(name)
    with receiving(answering(200), tls=serving) as server:
        answer = post(server, scheme="https", host="hooks.example", tls=trusting)
    assert (answer.status, answer.error) == (200, "")
    assert names == ["hooks.example"]
    assert server.taken[0][1]["Host"] == f"hooks.example:{server.server_address[1]}"


def test_a_certificate_for_another_name_or_of_an_unknown_maker_is_refused(certified):
    serving, trusting = certified
    with receiving(answering(200), tls=serving) as server:
        assert post(server, scheme="https", host="other.example", tls=trusting).error == "tls"
        assert post(server, scheme="https", host="hooks.example").error == "tls"
        assert server.taken == []
