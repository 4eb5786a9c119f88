"""``sonde doctor``: what this installation needs, and whether it is there."""

import json
import platform
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from sonde.app.settings import Settings
from sonde.app.supervisor.home import LEAST_FREE_MB, free_mb, is_in_use
from sonde.platform.core.errors import SondeError

OLDEST_PYTHON = (3, 11)
_LIBRARIES = ("celery", "dash", "fastapi", "numpy", "plotly", "scikit-learn", "scipy", "sqlalchemy")


class Verdict(StrEnum):
    """How one thing is."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    name : str
    verdict : Verdict
    detail : str
        What was found, and what to do about it where it is bad.
    """

    name: str
    verdict: Verdict
    detail: str

    @property
    def is_bad(self) -> bool:
        """Whether something must be done."""
        return self.verdict is Verdict.BAD


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed."""
    runs = is_in_use(settings.home)
    found = [
        _python(sys.version_info[:2]),
        _libraries(),
        _home(settings.home),
        _disk(settings.home),
        _port(settings, runs=runs),
        *_embedded(settings),
    ]
    if runs or settings.database_url:
        return [*found, *_servers(settings)]
    return [*found, Finding("Servers", Verdict.NOTE, "Not running; start them with: sonde up")]


def report(findings: Sequence[Finding], say: Callable[[str], None], *, as_json: bool) -> None:
    """Tell what was found, for people or as one JSON object."""
    if as_json:
        say(json.dumps({"findings": [asdict(finding) for finding in findings]}))
        return
    for finding in findings:
        say(f"{finding.verdict.value:<5} {finding.name:<12} {finding.detail}")


def _python(running: tuple[int, int]) -> Finding:
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if running < OLDEST_PYTHON:
        return Finding("Python", Verdict.BAD, f"{detail}; at least 3.11 is needed")
    return Finding("Python", Verdict.GOOD, detail)


def _libraries() -> Finding:
    return Finding(
        "Libraries", Verdict.GOOD, ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    )


def _home(home: Path) -> Finding:
    if not home.exists():
        return Finding("Home", Verdict.NOTE, f"{home} will be made by the first start")
    if home.stat().st_mode & 0o077:
        return Finding("Home", Verdict.BAD, f"{home} is open to others; run: chmod 700 {home}")
    return Finding("Home", Verdict.GOOD, str(home))


def _disk(home: Path) -> Finding:
    free = free_mb(home)
    verdict = Verdict.GOOD if free >= LEAST_FREE_MB else Verdict.BAD
    return Finding("Disk", verdict, f"{free / 1000:.1f} GB free")


def _port(settings: Settings, *, runs: bool) -> Finding:
    name = f"{settings.host}:{settings.port}"
    if runs:
        return Finding("Port", Verdict.GOOD, f"Sonde serves {settings.public_origin}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            detail = f"{name}: {error.strerror}; choose another with --port or SONDE_PORT"
            return Finding("Port", Verdict.BAD, detail)
    return Finding("Port", Verdict.GOOD, f"{name} is free")


def _embedded(settings: Settings) -> list[Finding]:
    """Say whether the embedded servers can run here, where they are used."""
    from sonde.app.supervisor import postgres, valkey

    found = []
    for name, url, locate in (
        ("PostgreSQL", settings.database_url, postgres.binaries),
        ("Valkey", settings.broker_url, valkey.binary),
    ):
        if url and not is_in_use(settings.home):
            found.append(Finding(name, Verdict.GOOD, "not embedded: named by the environment"))
            continue
        try:
            found.append(Finding(name, Verdict.GOOD, f"embedded, {locate()}"))
        except SondeError as error:
            found.append(Finding(name, Verdict.BAD, error.message))
    return found


def _servers(settings: Settings) -> list[Finding]:
    from sonde.app.domains import PARTS
    from sonde.app.runtime import open_ports
    from sonde.platform.services.health import check_parts

    try:
        with open_ports(settings, PARTS) as outside:
            parts = check_parts(outside)
    except SondeError as error:
        return [Finding("Servers", Verdict.BAD, error.message)]
    return [
        Finding(part.name, Verdict.GOOD if part.is_up else Verdict.BAD, part.detail or "answers")
        for part in parts
    ]
