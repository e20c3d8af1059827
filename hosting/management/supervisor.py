"""Keeps a few programs running together: all of them, or none.

Each child leads a process group of its own, so that a Ctrl-C in the terminal reaches only the supervisor,
which then stops everything in turn. Written for `manage.py up`; a real deployment has its own supervisor.
"""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

# A worker may finish what it holds; after this many seconds it is killed.
STOP_SECONDS = 12
POLL_SECONDS = 0.1


class Failed(Exception):
    """Something did not start or did not stay; the message says what and where to read more."""


@dataclass(frozen=True)
class Child:
    """One running program: `process` leads the group, `log` holds what it said."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Supervisor:
    """Starts programs, watches them and stops them. One at a time for a folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the lock, the list of what runs, and log/<name>.log; Failed if it is taken."""
        self.logs = folder / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self._list = folder / "up.json"
        self._children: list[Child] = []
        self._lock = (folder / "up.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise Failed(
                f"The market already runs from {folder}. Stop it first, or start this one with a DATA_DIR "
                "and a PORT of its own."
            ) from error
        self._stop_leftovers()

    def start(self, name: str, command: list[str]) -> None:
        """Start a program; what it prints goes to log/<name>.log, which begins anew."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children.append(Child(name, process, log))
        self._list.write_text(json.dumps([[child.process.pid, child.name] for child in self._children]))

    def check(self) -> None:
        """Raise Failed if a child has ended."""
        for child in self._children:
            code = child.process.poll()
            if code is not None:
                raise Failed(
                    f"{child.name} stopped by itself ({ending(code)}). Its log: {child.log}{tail(child.log)}"
                )

    def wait_until(self, is_ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Wait until is_ready() holds; raises Failed when a child ends first or the time is over."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise Failed(f"{what} did not answer within {seconds:.0f} seconds. Logs: {self.logs}")
            time.sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Stay until a child ends (raises Failed) or a signal's exception passes through."""
        while True:
            self.check()
            time.sleep(POLL_SECONDS * 5)

    def stop(self) -> None:
        """Stop all children, the last started first, and free the folder. Safe to call twice."""
        for child in reversed(self._children):
            stop_group(child.process.pid, has_ended=partial(has_exited, child))
        self._children.clear()
        self._list.unlink(missing_ok=True)
        self._lock.close()

    def _stop_leftovers(self) -> None:
        """End what a killed run left behind: it would hold the port. The lock says that run is over."""
        try:
            leftovers = json.loads(self._list.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return
        for pid, _name in reversed(leftovers):
            # The number may belong to somebody else by now.
            if is_ours(pid):
                stop_group(pid, has_ended=partial(is_not_ours, pid))
        self._list.unlink(missing_ok=True)


def has_exited(child: Child) -> bool:
    """Whether a child of this very process has ended."""
    return child.process.poll() is not None


def stop_group(pid: int, *, has_ended: Callable[[], bool]) -> None:
    """Ask a process to stop, wait, then kill whatever is left of its group."""
    if not has_ended():
        signal_group(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while not has_ended() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    signal_group(pid, signal.SIGKILL)
    while not has_ended():
        time.sleep(POLL_SECONDS)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal a process group that may be gone already."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def is_ours(pid: int) -> bool:
    """Whether this process lives, leads its group and runs one of our programs."""
    try:
        if os.getpgid(pid) != pid:
            return False
    except (ProcessLookupError, PermissionError):
        return False
    command = command_line(pid)
    return "valkey-server" in command or "marketplace" in command


def is_not_ours(pid: int) -> bool:
    """The end of is_ours: the process is gone, or its number has gone to somebody else."""
    return not is_ours(pid)


def command_line(pid: int) -> str:
    """What a process was started with; empty if it has ended."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return ""
    answer = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout


def ending(code: int) -> str:
    """An exit code in words: a negative one is a signal's number."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log, indented under the message that shows them."""
    last = log.read_text(errors="replace").splitlines()[-lines:]
    return "".join(f"\n    {line}" for line in last)
