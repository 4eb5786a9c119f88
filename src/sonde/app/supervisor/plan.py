"""What runs, and how: the embedded servers that are needed and the product's own processes."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sonde.app.settings import Settings, environment_name
from sonde.app.supervisor.postgres import APP_ROLE, EmbeddedPostgres
from sonde.app.supervisor.processes import Program
from sonde.app.supervisor.valkey import EmbeddedValkey, remembered_port
from sonde.platform.core.queues import QUEUES

# What other terminals need to find the running product; never the owner's address.
SHARED = ("public_url", "database_url", "broker_url", "cache_url", "files_url")
# Two arenas instead of eight per core: idle processes with threads stay small.
_SMALL = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}
_ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "NUMEXPR")
}


@dataclass(frozen=True)
class Plan:
    """Everything that one supervisor runs.

    Parameters
    ----------
    settings : Settings
        Complete: with the addresses of embedded parts.
    postgres : EmbeddedPostgres, optional
        None where ``DATABASE_URL`` names another server.
    valkey : EmbeddedValkey, optional
        None where ``BROKER_URL`` and ``CACHE_URL`` name other servers.
    """

    settings: Settings
    postgres: EmbeddedPostgres | None
    valkey: EmbeddedValkey | None

    def environment(self, *, owner: bool = False, one_thread: bool = True) -> Mapping[str, str]:
        """Return the environment of our own processes; only migrations see the owner."""
        values = {
            environment_name(name): str(getattr(self.settings, name))
            for name in Settings.model_fields
        }
        if not owner:
            values[environment_name("database_owner_url")] = ""
        return {**(_ONE_THREAD if one_thread else {}), **_SMALL, **os.environ, **values}

    def servers(self) -> list[Program]:
        """Return the embedded servers: the broker, and the database last."""
        found = []
        if self.valkey is not None:
            found.append(
                Program(
                    "broker",
                    tuple(self.valkey.command()),
                    dict(os.environ),
                    death_signal=signal.SIGTERM,
                )
            )
        if self.postgres is not None:
            found.append(
                Program(
                    "database",
                    tuple(self.postgres.command()),
                    dict(os.environ),
                    stop_signal=signal.SIGINT,
                    death_signal=signal.SIGINT,
                    patience_s=20.0,
                )
            )
        return found

    def prepare(self) -> Program:
        """Return the process that migrates; it gets the gate's descriptor as its argument."""
        return self._python("prepare", "sonde.app.supervisor.prepare", self.environment(owner=True))

    def web(self, listening: int) -> list[Program]:
        """Return the web processes, which share one listening socket."""
        first = self._python("web", "sonde.app.web", self.environment(), "--socket", str(listening))
        first = replace(first, inherited=(listening,))
        more = range(2, self.settings.web_processes + 1)
        return [first, *(replace(first, name=f"web-{number}") for number in more)]

    def workers(self) -> list[Program]:
        """Return one worker per queue, and beat."""
        found = [
            self._python(
                f"worker-{queue}",
                "sonde.app.worker",
                self.environment(one_thread=queue != "train"),
                queue,
            )
            for queue in QUEUES
        ]
        clock = self._python("beat", "sonde.app.beat", self.environment())
        return [*found, clock]

    @staticmethod
    def _python(name: str, module: str, environment: Mapping[str, str], *arguments: str) -> Program:
        # -P: a module of the folder that somebody starts us in is never taken for one of ours.
        command = (sys.executable, "-P", "-m", module, *arguments)
        return Program(name, command, environment, patience_s=6.0)


def make_plan(settings: Settings) -> Plan:
    """Decide what is embedded and complete the settings with its addresses."""
    home, secrets = settings.home, settings.secrets_folder
    postgres = None if settings.database_url else EmbeddedPostgres(home / "postgres", secrets)
    needs_valkey = not (settings.broker_url and settings.cache_url)
    valkey = (
        EmbeddedValkey(home / "valkey", secrets, remembered_port(home / "run" / "valkey.port"))
        if needs_valkey
        else None
    )
    found: dict[str, str] = {}
    if postgres is not None:
        found |= {
            "database_url": postgres.url(APP_ROLE),
            "database_owner_url": postgres.url(),
        }
    if valkey is not None:
        found |= {
            "broker_url": settings.broker_url or valkey.url(0),
            "cache_url": settings.cache_url or valkey.url(1),
        }
    if not settings.files_url:
        found["files_url"] = (home / "files").as_uri()
    found["public_url"] = settings.public_origin
    return Plan(settings.model_copy(update=found), postgres, valkey)
