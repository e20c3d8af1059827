"""`manage.py up` from nothing, as somebody who has just cloned this would meet it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from hosting.services import demo
from tests.house.files import ROOT

SECONDS_TO_OPEN = 90


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def up(folder, port):
    """Start it with the embedded defaults, whatever servers this run of the tests uses."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", "--workers", "1"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until_open(market):
    lines = []
    deadline = time.monotonic() + SECONDS_TO_OPEN
    for line in market.stdout:
        lines.append(line)
        if "Ctrl-C stops everything" in line:
            return "".join(lines)
        assert time.monotonic() < deadline
    pytest.fail("it ended: " + "".join(lines))


def get(port, path):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read()
    finally:
        client.close()


def stop(market):
    market.send_signal(signal.SIGINT)
    said, _nothing = market.communicate(timeout=40)
    return said


def test_one_command_opens_the_market_and_one_signal_closes_it_twice_over(tmp_path):
    port = free_port()
    first = up(tmp_path, port)
    try:
        said = read_until_open(first)
        assert f"http://127.0.0.1:{port}/" in said
        for email, password, _words in demo.PEOPLE:
            assert email in said
            assert password in said
        status, body = get(port, "/readyz")
        assert status == 200, body
        assert get(port, "/")[0] == 200

        refused = up(tmp_path, free_port())
        assert "already runs from" in refused.communicate(timeout=30)[0]
        assert refused.returncode == 1
        pids = [pid for pid, _name in json.loads((tmp_path / "up.json").read_text())]
        assert len(pids) == 3
    finally:
        said = stop(first)
    assert first.returncode == 0, said
    assert "Stopped." in said
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    second = up(tmp_path, port)
    try:
        read_until_open(second)
    finally:
        stop(second)
    assert second.returncode == 0


def test_a_port_in_use_is_said_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        market = up(tmp_path, taken.getsockname()[1])
        said, _nothing = market.communicate(timeout=30)
    assert market.returncode == 1
    assert "Can't listen on 127.0.0.1" in said
    assert not (tmp_path / "marketplace.sqlite3").exists()
