"""What `manage.py up` rests on: all programs run, or none."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from hosting.management.supervisor import Failed, Supervisor, command_line

# The word in the comment marks it as one of ours to a later run.
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)  # marketplace"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('up', flush=True)\n"
    "time.sleep(60)",
]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)  # marketplace",
]


def is_alive(pid):
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for_output(log, seconds=10):
    deadline = time.monotonic() + seconds
    while not log.read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return log.read_text().strip()


def wait_until_named(pid, seconds=10):
    """A process that has only just been made does not yet say what it runs."""
    deadline = time.monotonic() + seconds
    while "sleep" not in command_line(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def supervisor(tmp_path):
    with_log = Supervisor(tmp_path)
    yield with_log
    with_log.stop()


def running(folder):
    return [pid for pid, _name in json.loads((folder / "up.json").read_text())]


def test_stop_ends_every_child(supervisor, tmp_path):
    supervisor.start("one", SLEEPER)
    supervisor.start("two", SLEEPER)
    supervisor.check()
    pids = running(tmp_path)
    supervisor.stop()
    assert [pid for pid in pids if is_alive(pid)] == []
    assert not (tmp_path / "up.json").exists()


def test_stop_ends_what_a_child_has_started(supervisor, tmp_path):
    supervisor.start("parent", PARENT)
    grandchild = int(wait_for_output(tmp_path / "log" / "parent.log"))
    assert is_alive(grandchild)
    supervisor.stop()
    deadline = time.monotonic() + 5
    while is_alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(grandchild)


def test_a_child_that_will_not_stop_is_killed(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr("hosting.management.supervisor.STOP_SECONDS", 0.3)
    supervisor.start("stubborn", STUBBORN)
    wait_for_output(tmp_path / "log" / "stubborn.log")
    (pid,) = running(tmp_path)
    supervisor.stop()
    assert not is_alive(pid)


def test_a_child_that_ends_is_named_with_its_log_and_last_words(supervisor, tmp_path):
    supervisor.start("web", [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"])
    with pytest.raises(Failed, match=r"web stopped by itself \(exit code 3\)") as caught:
        supervisor.watch()
    assert str(tmp_path / "log" / "web.log") in str(caught.value)
    assert "no such table" in str(caught.value)


def test_waiting_ends_when_the_time_is_over(supervisor):
    supervisor.start("web", SLEEPER)
    with pytest.raises(Failed, match="The web server did not answer within 0 seconds"):
        supervisor.wait_until(lambda: False, what="The web server", seconds=0.2)


def test_a_second_one_in_the_same_folder_is_refused(supervisor, tmp_path):
    with pytest.raises(Failed, match="already runs from"):
        Supervisor(tmp_path)


def test_what_a_killed_run_left_behind_is_ended_by_the_next(tmp_path):
    leftover = subprocess.Popen(SLEEPER, start_new_session=True)
    wait_until_named(leftover.pid)
    (tmp_path / "up.json").write_text(json.dumps([[leftover.pid, "web"]]))
    second = Supervisor(tmp_path)
    try:
        assert leftover.wait(timeout=5) == -signal.SIGTERM
        assert not (tmp_path / "up.json").exists()
    finally:
        second.stop()


def test_a_number_that_went_to_somebody_else_is_left_alone(tmp_path):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    wait_until_named(stranger.pid)
    (tmp_path / "up.json").write_text(json.dumps([[stranger.pid, "web"]]))
    try:
        Supervisor(tmp_path).stop()
        assert is_alive(stranger.pid)
    finally:
        os.killpg(stranger.pid, signal.SIGKILL)
        stranger.wait()


def test_a_broken_list_of_what_runs_does_not_hinder(tmp_path):
    (tmp_path / "up.json").write_text("[[12")
    Supervisor(tmp_path).stop()
