"""docs/partners.md can't lie: its commands are run in order, in one shell, on the demo market."""

import base64
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from hosting.adapters import signing
from hosting.models import CapacityRequest, FleetLine, Interest, RequestStatus
from hosting.services import demo, matchruns, seeding
from tests.house.files import ROOT

TEXT = (ROOT / "docs" / "partners.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = [block for language, block in BLOCKS if language == "sh"]
TOKEN = re.compile(r"\$\(\.venv/bin/python manage\.py create_token ([^)]*)\)")
ADDRESS = "API=http://127.0.0.1:8000/api/v1"
END = "--- end of block ---"


class Shell:
    """One bash for the whole page, stopped at the first command that fails."""

    def __init__(self, folder) -> None:
        self.folder = folder
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "no_proxy": "127.0.0.1,localhost"}
        self.bash = subprocess.Popen(
            [shutil.which("bash"), "-euo", "pipefail", "-s"],  # noqa: S603
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            text=True,
        )

    def run(self, block: str) -> str:
        """What the block prints. Fails with it if a command of the block fails."""
        self.bash.stdin.write(f"{block}\necho '{END}'\n")
        self.bash.stdin.flush()
        printed = []
        for line in self.bash.stdout:
            if line.rstrip("\n") == END:
                return "".join(printed)
            printed.append(line)
        answers = [path for path in self.folder.iterdir() if path.suffix == ".json"]
        if answers:
            printed.append(max(answers, key=lambda path: path.stat().st_mtime).read_text()[:2000])
        pytest.fail(f"A command failed.\n\n{block}\nprinted:\n{''.join(printed)}")

    def close(self) -> None:
        self.bash.stdin.close()
        self.bash.stdout.close()
        self.bash.wait(timeout=10)


@pytest.fixture
def shell(tmp_path):
    for program in ("curl", "jq", "python3"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed, and docs/partners.md says that it is needed")
    made = Shell(tmp_path)
    yield made
    made.close()


def token(found: re.Match) -> str:
    """What the command of the page prints."""
    printed = StringIO()
    call_command("create_token", *found[1].split(), stdout=printed)
    return printed.getvalue().strip()


@pytest.mark.django_db(transaction=True)
def test_every_command_of_the_page_does_what_it_says(live_server, settings, shell):
    settings.DEMO = settings.RATE_LIMITS = True
    seeding.seed(now=timezone.now())
    demo.open_market(now=timezone.now())
    printed = {}
    for number, block in enumerate(COMMANDS):
        script = TOKEN.sub(token, block.replace(ADDRESS, f"API={live_server.url}/api/v1"))
        printed[number] = shell.run(script)
        # The worker of `make run`.
        matchruns.match_due(now=timezone.now(), clock=timezone.now)
    whole = "".join(printed.values())
    assert "stale" in whole
    assert '"status": "checked"' in whole
    assert "committed" in whole
    assert '"owner": "longtan-digital"' in whole
    assert "ratelimit-remaining" in whole.lower()
    assert "Antminer S21" in whole
    withdrawn = CapacityRequest.objects.get(status=RequestStatus.WITHDRAWN, owner__handle="atlas-index")
    assert FleetLine.objects.filter(request=withdrawn).count() == 2
    assert Interest.objects.filter(request=withdrawn).exists()
    client = CapacityRequest.objects.filter(owner__handle="longtan-digital", status=RequestStatus.DRAFT)
    assert client.filter(is_anonymous=True, need_kw=1000).exists()


def test_the_check_of_a_signature_admits_ours_and_nothing_else():
    (source,) = (block for language, block in BLOCKS if language == "python")
    page = SimpleNamespace()
    exec(compile(source, "docs/partners.md", "exec"), vars(page))  # noqa: S102
    at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    old, new = signing.new_secret(), signing.new_secret()
    body = '{"type": "offer.published"}'
    headers = signing.headers(keys=[new, old], message_id="msg_1", at=at, body=body)
    now = at.timestamp()
    for secret in (old, new):
        assert page.is_ours(secret, headers, body.encode(), now=now)
    another = "whsec_" + base64.b64encode(b"x" * 32).decode()
    assert not page.is_ours(another, headers, body.encode(), now=now)
    assert not page.is_ours(new, headers, body.encode() + b" ", now=now)
    assert not page.is_ours(new, {**headers, "webhook-id": "msg_2"}, body.encode(), now=now)
    assert not page.is_ours(new, headers, body.encode(), now=now + 301)


def test_the_page_tells_the_limits_that_hold(settings):
    for who in (settings.CALLS_PER_HOUR, settings.PREVIEWS_PER_HOUR):
        for most in who.values():
            assert f"{most:,}" in TEXT
