"""What a training tells while it runs: buffered here, written about once a second by a thread.

The thread also looks whether a person asked for something, and measures the load of the machine.
What it writes is fenced: once another worker has the job, nothing is written any more.
"""

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from sonde.learning.core.runs import PartProgress, Wish
from sonde.learning.persistence import metrics, runs
from sonde.learning.persistence.metrics import Series, Tail
from sonde.learning.services.metric_writing import Point, write_points
from sonde.learning.services.system_load import SystemLoad
from sonde.platform.core.errors import Unavailable
from sonde.platform.core.jobs import JobCancelled, JobRun, LeaseLost
from sonde.platform.core.ports import Ports
from sonde.platform.services.jobs import hint_after_commit
from sonde.platform.services.work import ports, unit_of_work

_WRITE_EVERY_S = 0.7
_LOOK_EVERY_S = 0.25
_PAUSE_S = 0.1
_LONGEST_LINE = 4000
_log = structlog.get_logger(__name__)


@dataclass
class Recorder:
    """Takes metrics, log lines and progress of parts; knows what the person wishes.

    Parameters
    ----------
    job : JobRun
    experiment_id : str
    owner : mapping
        `workspace_id` and `owner_id` of the experiment.
    wish : Wish
        As last seen in the database.
    """

    job: JobRun
    experiment_id: str
    owner: Mapping[str, str]
    wish: Wish = Wish.NOTHING
    parts: dict[str, PartProgress] = field(default_factory=dict)
    _points: dict[Series, list[Point]] = field(default_factory=dict)
    _lines: list[dict[str, Any]] = field(default_factory=list)
    _tails: dict[Series, Tail] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _parts_changed: bool = False
    _outside: Ports = field(init=False)

    def __enter__(self) -> "Recorder":
        with self.job.work():
            self._outside = ports()
            self._tails = metrics.tails(self.experiment_id)
            self.wish = Wish(runs.wish_of(self.experiment_id))
        self._thread = threading.Thread(target=self._pulse, name="run-recorder", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        if kind is None or (isinstance(kind, type) and issubclass(kind, Exception)):
            self._write_if_possible()

    def log(self, part: str, step: int, values: Mapping[str, float]) -> None:
        """Take metrics of a step; a step that was told before is told anew from there on."""
        at = time.time()
        with self._lock:
            for key, value in values.items():
                points = self._points.setdefault((key, part), [])
                while points and points[-1][0] >= step:
                    points.pop()
                points.append((step, float(value), at))

    def log_once(self, part: str, step: int, values: Mapping[str, float]) -> None:
        """Take metrics of a step unless that step was written by an earlier attempt."""
        new = {
            key: value
            for key, value in values.items()
            if self._tails.get((key, part), Tail()).last_step < step
        }
        self.log(part, step, new)

    def line(self, text: str, part: str = "", level: str = "info") -> None:
        """Take a line of the log."""
        line = {
            "experiment_id": self.experiment_id,
            **self.owner,
            "at": datetime.now(UTC),
            "level": level,
            "part": part,
            "text": text.replace("\0", "")[:_LONGEST_LINE],
        }
        with self._lock:
            self._lines.append(line)

    def tell(self, name: str, **changes: Any) -> None:
        """Take how far a part is."""
        with self._lock:
            part = self.parts.get(name, PartProgress(name, name, 0.0))
            self.parts[name] = replace(part, **changes)
            self._parts_changed = True

    def wait_while_paused(self) -> None:
        """Return once the person wants the training to go on; raises what ends the job."""
        was_paused = False
        while self.wish is Wish.PAUSE:
            if not was_paused:
                self.line("Paused.")
            was_paused = True
            self.job.check()
            time.sleep(_PAUSE_S)
        if was_paused:
            self.line("Going on.")

    def write(self) -> None:
        """Write what was taken, in one fenced transaction; raises what ends the job."""
        with self._writing:
            points, lines, parts = self._take()
            try:
                tails = self._write(points, lines, parts)
            except BaseException:
                self._put_back(points, lines, parts)
                raise
            self._tails = tails

    def _take(self) -> tuple[dict[Series, list[Point]], list[dict[str, Any]], list[Any] | None]:
        with self._lock:
            points, self._points = self._points, {}
            lines, self._lines = self._lines, []
            parts = None
            if self._parts_changed:
                parts = [
                    [part.name, part.title, round(part.fraction, 4), part.macro_f1]
                    for part in self.parts.values()
                ]
            self._parts_changed = False
        return points, lines, parts

    def _put_back(
        self,
        points: dict[Series, list[Point]],
        lines: list[dict[str, Any]],
        parts: list[Any] | None,
    ) -> None:
        with self._lock:
            for series, later in self._points.items():
                points.setdefault(series, []).extend(later)
            self._points = points
            self._lines = lines + self._lines
            self._parts_changed = self._parts_changed or parts is not None

    def _write(
        self,
        points: dict[Series, list[Point]],
        lines: list[dict[str, Any]],
        parts: list[Any] | None,
    ) -> dict[Series, Tail]:
        if not points and not lines and parts is None:
            return self._tails
        owner = {"experiment_id": self.experiment_id, **self.owner}
        with self.job.work():
            tails = write_points(owner, points, self._tails)
            runs.add_lines(lines)
            if parts is not None:
                runs.write(self.experiment_id, self.owner, parts=parts)
            hint_after_commit(self.owner["owner_id"])
        return tails

    def _pulse(self) -> None:
        load, written_at = SystemLoad(), time.monotonic()
        while not self._over.wait(_LOOK_EVERY_S):
            try:
                self._look()
                self._measure(load)
                if self._has_news() and time.monotonic() - written_at >= _WRITE_EVERY_S:
                    written_at = time.monotonic()
                    self.write()
            except Unavailable as error:
                _log.warning("run.not_written", error=error.message)
            except (JobCancelled, LeaseLost):
                return

    def _has_news(self) -> bool:
        with self._lock:
            return bool(self._points or self._lines or self._parts_changed)

    def _look(self) -> None:
        self.job.check()
        with unit_of_work(self._outside):
            wish = Wish(runs.wish_of(self.experiment_id))
        if wish is Wish.STOP and self.wish is not Wish.STOP:
            self.line("Stopping; the best so far is kept.")
        self.wish = wish

    def _measure(self, load: SystemLoad) -> None:
        values = {key: value for key, value in load.measured().items() if math.isfinite(value)}
        if values:
            first = next(iter(values))
            last = self._tails.get((first, ""), Tail(last_step=0)).last_step
            self.log("", max(0, last) + 1, values)

    def _write_if_possible(self) -> None:
        try:
            self.write()
        except (Unavailable, JobCancelled, LeaseLost) as error:
            _log.warning("run.last_lines_lost", error=type(error).__name__)
