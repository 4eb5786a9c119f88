"""Imports of files of candles: read aside in a limited process, then stored all at once."""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sonde.markets.core.candles import Provenance
from sonde.markets.core.instruments import inferred_instrument
from sonde.markets.core.prices.choices import AUTO, ReadChoices
from sonde.markets.core.prices.columns import PriceFile
from sonde.markets.core.prices.reading import LIMITS
from sonde.markets.persistence import price_imports as rows
from sonde.markets.services import price_store
from sonde.markets.services.price_store import Appended
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid, NotFound, TooLarge
from sonde.platform.core.identifiers import new_id
from sonde.platform.services import jobs
from sonde.platform.services.events import emit
from sonde.platform.services.work import after_commit, ports

JOB = "markets.import"
STORED = "markets.prices_stored"
PREFIX = "price-uploads/"
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,39}")
_VENUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_RECENT = 50


@dataclass(frozen=True)
class PriceWish:
    """What a person says of a file of candles.

    Parameters
    ----------
    symbol : str
        Such as ``"BTCUSDT"``.
    venue : str
        Such as ``"binance"``; ``"file"`` where it does not matter.
    timeframe : str
        Empty to detect it.
    layout, time_unit : str
        ``"auto"`` to detect them.
    columns : mapping of str to str
        From ``"time"``, ``"open"``, ... to a column's name or number.
    overwrite : bool
        Whether bars that differ from what is stored take its place.
    """

    symbol: str
    venue: str = "file"
    timeframe: str = ""
    layout: str = AUTO
    time_unit: str = AUTO
    columns: Mapping[str, str] = field(default_factory=dict)
    overwrite: bool = False

    def choices(self, as_of_ms: int) -> ReadChoices:
        """Return how to read the file; raises Invalid for unknown names."""
        return ReadChoices(
            as_of_ms, self.timeframe, self.layout, self.time_unit, dict(self.columns)
        )


@dataclass(frozen=True)
class PriceImport:
    """One import.

    Parameters
    ----------
    id, file_name, sha256 : str
    wish : PriceWish
    state : str
        ``"waiting"``, ``"stored"``, ``"failed"`` or ``"expired"``.
    job_id, series_id : str
        The series is empty until it is stored.
    n_new, n_same, n_changed : int
        What became of the bars.
    notes : tuple of str
        How the file was read, or why it was not.
    created_at : datetime
    """

    id: str
    file_name: str
    sha256: str
    wish: PriceWish
    state: str
    job_id: str
    series_id: str
    n_new: int
    n_same: int
    n_changed: int
    notes: tuple[str, ...]
    created_at: datetime


def check_wish(actor: Actor, wish: PriceWish) -> None:
    """Check what a person says before a file is read; raises Forbidden and Invalid."""
    actor.require(Role.ANALYST)
    if not _SYMBOL.fullmatch(wish.symbol):
        raise Invalid(f"{wish.symbol[:40]!r} is no symbol such as BTCUSDT.", field="symbol")
    if not _VENUE.fullmatch(wish.venue):
        raise Invalid(f"{wish.venue[:40]!r} is no venue such as binance.", field="venue")
    wish.choices(0)


def stage_upload(
    actor: Actor, wish: PriceWish, name: str, content: bytes | BinaryIO
) -> PriceImport:
    """Put an uploaded file aside; a job ``markets.import`` follows.

    Raises Forbidden, Invalid and TooLarge.
    """
    check_wish(actor, wish)
    row = rows.PriceImportRow(
        id=new_id(),
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        file_name=_plain_name(name),
        sha256="",
        wish=asdict(wish),
        state="waiting",
        series_id="",
        n_new=0,
        n_same=0,
        n_changed=0,
        notes=[],
        created_at=ports().clock(),
    )
    row.file_key = f"{PREFIX}{row.id}"
    _put(row.file_key, content)
    job = jobs.enqueue(
        actor, kind=JOB, params={"import_id": row.id}, title=f"Import prices of {wish.symbol}"
    )
    row.job_id = job.id
    rows.add(row)
    return _view(row)


def _put(key: str, content: bytes | BinaryIO) -> None:
    if isinstance(content, bytes):
        n_bytes = len(content)
    else:
        n_bytes = content.seek(0, 2)
        content.seek(0)
    if n_bytes > LIMITS.file_bytes:
        raise TooLarge(f"At most {LIMITS.file_bytes / 1e6:.0f} MB are imported at once.")
    if isinstance(content, bytes):
        ports().files.put(key, content)
        return
    with tempfile.NamedTemporaryFile(prefix="sonde-prices-") as aside:
        shutil.copyfileobj(content, aside, 1 << 20)
        aside.flush()
        ports().files.put(key, Path(aside.name))


def _plain_name(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:200].strip() or "unnamed"


def get(actor: Actor, import_id: str) -> PriceImport:
    """Return one of the actor's imports; raises NotFound."""
    return _view(_own(actor, import_id))


def recent(actor: Actor) -> tuple[PriceImport, ...]:
    """Return the actor's latest imports, newest first."""
    return tuple(_view(row) for row in rows.of_owner(actor.user_id, _RECENT))


@dataclass(frozen=True)
class ImportPlan:
    """What a worker has to read: the file's place and name, and how."""

    path: Path
    name: str
    choices: ReadChoices


def plan(actor: Actor, import_id: str) -> ImportPlan | None:
    """Return what a worker has to read, or None if that is done; raises NotFound, Conflict."""
    row = _own(actor, import_id)
    if row.state == "stored":
        return None
    if not row.file_key:
        raise Conflict("The file of this import was let go; import it again.")
    as_of_ms = round(row.created_at.timestamp() * 1000)
    wish = PriceWish(**row.wish)
    path = ports().files.local_path(row.file_key)
    return ImportPlan(path, row.file_name, wish.choices(as_of_ms))


def store(actor: Actor, wish: PriceWish, read: PriceFile) -> Appended:
    """Store what was read from a file.

    Raises Forbidden, Invalid, and Conflict for differing bars unless the wish overwrites them.
    Emits ``markets.prices_stored``.
    """
    check_wish(actor, wish)
    source = Provenance(wish.venue, "file", read.name, read.sha256, price_store.now_ms())
    instrument = inferred_instrument(wish.symbol, read.columns, venue=wish.venue)
    stored = price_store.append_candles(
        actor,
        read.columns.candles(instrument, read.timeframe, source),
        overwrite=wish.overwrite,
        is_inferred=True,
    )
    title = f"{stored.n_new:,} bars of {stored.series.key} were stored"
    emit(actor, kind=STORED, title=title, body=" ".join(read.notes))
    return stored


def finish(actor: Actor, import_id: str, read: PriceFile) -> PriceImport:
    """Store what a worker read, and note it; raises as `store` does."""
    row = _own(actor, import_id)
    stored = store(actor, PriceWish(**row.wish), read)
    rows.change(
        import_id,
        state="stored",
        sha256=read.sha256,
        series_id=stored.series.id,
        n_new=stored.n_new,
        n_same=stored.n_same,
        n_changed=stored.n_changed,
        notes=list(read.notes),
    )
    forget_file(row)
    return get(actor, import_id)


def note_failed(actor: Actor, import_id: str, reason: str) -> None:
    """Note why an import failed, and let its file go; raises NotFound."""
    row = _own(actor, import_id)
    rows.change(import_id, state="failed", notes=[reason])
    forget_file(row)


def forget_file(row: rows.PriceImportRow) -> None:
    """Delete an import's upload once that is committed."""
    key, files = row.file_key, ports().files
    if key:
        rows.change(row.id, file_key="")
        after_commit(lambda: files.delete(key))


def _own(actor: Actor, import_id: str) -> rows.PriceImportRow:
    row = rows.find(import_id, actor.user_id)
    if row is None:
        raise NotFound("There is no such import, or it is not yours to see.", id=import_id)
    return row


def _view(row: rows.PriceImportRow) -> PriceImport:
    return PriceImport(
        id=row.id,
        file_name=row.file_name,
        sha256=row.sha256,
        wish=PriceWish(**row.wish),
        state=row.state,
        job_id=row.job_id,
        series_id=row.series_id,
        n_new=row.n_new,
        n_same=row.n_same,
        n_changed=row.n_changed,
        notes=tuple(row.notes),
        created_at=row.created_at,
    )
