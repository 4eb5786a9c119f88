"""The supervisor behind ``sonde up``: ordered start, watch, ordered stop."""

import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from sonde.app.settings import CONNECTIONS_FILE, Settings
from sonde.app.supervisor.gate import Gate
from sonde.app.supervisor.home import check_disk, explained, prepare_home, sole_user
from sonde.app.supervisor.plan import SHARED, Plan, make_plan
from sonde.app.supervisor.processes import Child
from sonde.platform.core.errors import Unavailable

Say = Callable[[str], None]
_LOOK_EVERY_S = 0.1
_START_LIMIT_S = 60.0
_TRIES_AT_START = 3


class StopRequested(Exception):
    """Somebody pressed Ctrl-C, sent SIGTERM or closed the terminal."""


def run_product(settings: Settings, say: Say) -> None:
    """Run everything until Ctrl-C or SIGTERM.

    Raises
    ------
    Conflict
        If another supervisor runs in this home folder.
    Unavailable
        If something cannot start: with its reason in one sentence.
    """
    prepare_home(settings.home)
    with sole_user(settings.home), listening(settings) as server, explained(settings.home):
        Supervisor(make_plan(settings), server, say).run()


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Open the web server's socket; the supervisor keeps it while web processes come and go."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((settings.host, settings.port))
        except OSError as error:
            raise Unavailable(
                f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}). "
                "Choose another with --port or SONDE_PORT.",
                port=settings.port,
            ) from error
        server.listen(512)
        yield server


class Supervisor:
    """Runs one plan."""

    def __init__(self, plan: Plan, server: socket.socket, say: Say) -> None:
        self.plan = plan
        self.settings = plan.settings
        self._server = server
        self._tell = say
        self._logs = self.settings.home / "logs"
        self._children: list[Child] = []
        self._is_stopping = False
        self._began_at = time.monotonic()

    @property
    def _connections(self) -> Path:
        return self.settings.home / CONNECTIONS_FILE

    def run(self) -> None:
        """Start, watch until somebody asks to stop, stop."""
        handlers = {number: signal.signal(number, self._ask) for number in _STOP_SIGNALS}
        try:
            self._start()
            while True:
                self._pause()
                self._restart_the_dead()
        except StopRequested:
            self._say("Stopping ...")
        finally:
            self._is_stopping = False
            self._stop()
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _say(self, line: str) -> None:
        # A terminal or pipe that was closed must not keep us from stopping in order.
        with suppress(OSError):
            self._tell(line)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _pause(self) -> None:
        time.sleep(_LOOK_EVERY_S)
        if self._is_stopping:
            raise StopRequested

    # --- start ---

    def _start(self) -> None:
        gate, web_gate = Gate.closed(), Gate.closed()
        # Both spend their first second on imports, while the servers start.
        web = self._start_web(web_gate)
        prepare = Child(self.plan.prepare(), self._logs)
        answer = self._start_prepare(prepare, gate)
        self._start_servers()
        gate.open()
        told = self._wait_for_prepare(prepare, answer)
        self._write_connections()
        web_gate.open()
        self._wait(web, self._web_answers)
        self._line("web", f"serves {self.settings.public_origin}")
        for program in self.plan.workers():
            self._launch(Child(program, self._logs))
        self._line("workers", "default, train, beat")
        self._greet(told)

    def _start_web(self, gate: Gate) -> Child:
        children = [Child(item, self._logs) for item in self.plan.web(self._server.fileno())]
        for child in children:
            waiting = (gate.waiting_end,)
            self._launch(child, ("--gate", str(gate.waiting_end)), waiting)
        return children[0]

    def _start_prepare(self, prepare: Child, gate: Gate) -> int:
        reading, writing = os.pipe()
        inherited = (gate.waiting_end, writing)
        self._launch(prepare, (str(gate.waiting_end), str(writing)), inherited)
        os.close(writing)
        return reading

    def _launch(
        self, child: Child, extra: tuple[str, ...] = (), inherited: tuple[int, ...] = ()
    ) -> None:
        child.start(extra, inherited)
        self._children.append(child)

    def _start_servers(self) -> None:
        programs = self.plan.servers()
        if self.plan.valkey is not None:
            self.plan.valkey.initialise()
            broker = Child(programs[0], self._logs)
            self._launch(broker)
        if self.plan.postgres is not None:
            self.plan.postgres.initialise()
            database = Child(programs[-1], self._logs)
            self._launch(database)
            self._wait(database, self.plan.postgres.is_ready)
            self._line("database", "PostgreSQL is ready")
        if self.plan.valkey is not None:
            self._wait(broker, self.plan.valkey.is_ready)
            self._line("broker", "Valkey is ready")

    def _wait(self, child: Child, is_ready: Callable[[], bool]) -> None:
        """Wait until a child is ready, starting it again if it dies early."""
        end = time.monotonic() + _START_LIMIT_S
        while not is_ready():
            time.sleep(_LOOK_EVERY_S / 4)
            if self._is_stopping:
                raise StopRequested
            how = child.look_after()
            if how and child.failures >= _TRIES_AT_START:
                raise self._failure(child, how)
            if time.monotonic() > end:
                raise self._failure(child, f"did not answer within {_START_LIMIT_S:.0f} s")

    def _failure(self, child: Child, how: str) -> Unavailable:
        check_disk(self.settings.home)
        last = child.last_line()
        return Unavailable(
            f"The {child.program.name} {how}{': ' + last if last else ''} (see {child.log})."
        )

    def _wait_for_prepare(self, prepare: Child, answer: int) -> dict[str, str]:
        while prepare.is_running:
            time.sleep(_LOOK_EVERY_S / 4)
            if self._is_stopping:
                raise StopRequested
        self._children.remove(prepare)
        with os.fdopen(answer, encoding="utf-8") as stream:
            text = stream.read()
        if not text:
            raise self._failure(prepare, prepare.note_death())
        told: dict[str, str] = json.loads(text)
        if "error" in told:
            raise Unavailable(told["error"])
        self._line("migrations", "the database is up to date")
        return told

    def _web_answers(self) -> bool:
        host, port = self._server.getsockname()[:2]
        connection = http.client.HTTPConnection(host, port, timeout=_LOOK_EVERY_S * 5)
        with suppress(OSError, http.client.HTTPException):
            # The gate knows the loopback address by any setting of host and public origin.
            usual = "" if port == http.client.HTTP_PORT else f":{port}"
            connection.request("GET", "/healthz", headers={"Host": f"127.0.0.1{usual}"})
            return connection.getresponse().status == http.client.OK
        return False

    def _write_connections(self) -> None:
        shared = {name: getattr(self.settings, name) for name in SHARED}
        part = self._connections.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(shared, file)
        part.replace(self._connections)

    # --- what a person sees ---

    def _line(self, what: str, happened: str) -> None:
        passed_s = time.monotonic() - self._began_at
        self._say(f"  {what:<11} {happened}  ({passed_s:.1f} s)")

    def _greet(self, told: dict[str, str]) -> None:
        self._say("")
        self._say(f"Sonde runs at {self.settings.public_origin}")
        if told["link"]:
            self._say(f"Sign in for the first time (works once, for 24 hours): {told['link']}")
        if told["sample"]:
            self._say("The sample project is being made; see Jobs.")
        self._say("Ctrl-C stops everything.")

    # --- watch and stop ---

    def _restart_the_dead(self) -> None:
        for child in self._children:
            how = child.look_after()
            if how:
                self._say(f"The {child.program.name} {how}; it is started again.")

    def _stop(self) -> None:
        """Stop our own processes at once, then the broker, then the database."""
        with suppress(FileNotFoundError):
            self._connections.unlink()
        servers = {program.name for program in self.plan.servers()}
        ours = [child for child in self._children if child.program.name not in servers]
        for child in ours:
            child.ask_to_stop()
        for child in ours:
            self._see_off(child)
        for name in ("broker", "database"):
            for child in self._children:
                if child.program.name == name:
                    child.ask_to_stop()
                    self._see_off(child)
        self._say("Stopped.")

    def _see_off(self, child: Child) -> None:
        if not child.wait_or_kill():
            self._say(f"The {child.program.name} did not leave in time and was ended.")


_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
