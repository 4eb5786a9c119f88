"""A source of toy problems, people who use it, and a job that a test runs by hand."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sonde.learning.core.problem import Problem, Upload
from sonde.learning.core.sample_views import Picture, PictureAxis, SampleView
from sonde.learning.core.sources import ProblemChoice, UploadQuestion
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.domain import Domain
from sonde.platform.core.errors import NotFound, Unreadable
from sonde.platform.core.parts import Parts
from sonde.platform.core.ports import Ports
from sonde.platform.services import accounts
from sonde.platform.services.work import unit_of_work
from tests.unit.learning.toy_problem import toy_features, toy_problem

PROBLEMS: Mapping[str, Problem] = {
    "tones": toy_problem(noise=3.0),
    "lonely": toy_problem(lonely_class=True, recordings_per_group=4, noise=3.0),
    "pair": toy_problem(2, 1, 4),
    "broken": replace(
        toy_problem(), read_features=lambda indices: np.full((len(indices), 8), np.nan)
    ),
}


def folded(samples: np.ndarray, sampling_rate_hz: float) -> Picture:
    """Draw a tone as sixteen lines below each other."""
    values = samples.reshape(16, -1)
    time_s = np.linspace(0.0, values.shape[1] / sampling_rate_hz, values.shape[1])
    across = PictureAxis("Time (s)", time_s)
    down = PictureAxis("Line", np.arange(16.0))
    return Picture(values, across, down, "g", -3.0, 3.0, "Lines.", ("Line",), (("0",),))


class ToySource:
    """Hands out toy problems; uploads are `.npy` files of float32 windows."""

    slug = "tones"
    title = "Toy tones"
    asks = (UploadQuestion("sampling_rate_hz", "Sampling rate", "Hz"),)
    sample_views = (SampleView("folded", "Folded", "Lines below each other.", folded),)

    def choices(self, actor: Actor) -> Sequence[ProblemChoice]:
        """List the toy problems."""
        return [ProblemChoice(ref, ref, 24, 12, ("healthy", "inner")) for ref in PROBLEMS]

    def describe(self, actor: Actor, ref: str) -> Mapping[str, Any]:
        """Return cheap facts."""
        return {"classes": list(self._problem(ref).class_names), "honest_policy": "group-k-fold"}

    def load(self, actor: Actor, ref: str, options: Mapping[str, Any]) -> Problem:
        """Return a toy problem."""
        return self._problem(ref)

    def read_upload(
        self, path: Path, name: str, options: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Upload:
        """Read windows from a `.npy` file."""
        try:
            windows = np.load(path)
        except ValueError:
            raise Unreadable(f"{name} is not a recording.") from None
        return Upload(
            name,
            windows,
            toy_features(windows),
            {"sampling rate": f"{given.get('sampling_rate_hz', 256):g} Hz"},
            {"verdict": "inner"},
        )

    def _problem(self, ref: str) -> Problem:
        if ref not in PROBLEMS:
            raise NotFound(f"There is no data set {ref}.")
        return PROBLEMS[ref]


TONES = Domain(slug="tones", title="Tones", problem_sources=lambda: (ToySource(),))


def with_toys(ports: Ports) -> Ports:
    """Return the ports with the toy source among the parts."""
    return replace(ports, parts=Parts((*ports.parts.every, TONES)))


def person(ports: Ports, name: str, role: Role = Role.ANALYST) -> Actor:
    """Make a user with a workspace of their own."""
    with unit_of_work(ports):
        admin = accounts.actor_for(accounts.first_administrator().id)
        user = accounts.create_user(admin, email=f"{name}@example.org", name=name, role=role)
        return accounts.actor_for(user.id)


class Killed(BaseException):
    """The worker dies here."""


@dataclass
class HandRun:
    """A job run that a test drives: remembers phases and dies where it is told to."""

    ports: Ports
    actor: Actor
    die_in: str = ""
    how: type[BaseException] = Killed
    saved: dict[str, Any] | None = None
    phases: list[str] = field(default_factory=list)
    fractions: list[float] = field(default_factory=list)
    job_id: str = "by hand"
    attempt: int = 1

    def progress(self, phase: str, fraction: float, message: str = "") -> None:
        """Note the phase; die in the one that was named."""
        self.fractions.append(fraction)
        if not self.phases or self.phases[-1] != phase:
            self.phases.append(phase)
        if self.die_in and phase.startswith(self.die_in):
            raise self.how

    def check(self) -> None:
        """Never stop here."""

    def checkpoint(self) -> Mapping[str, Any] | None:
        """Return what was saved."""
        return self.saved

    def save_checkpoint(self, data: Mapping[str, Any]) -> None:
        """Keep it."""
        self.saved = dict(data)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Open a unit of work."""
        with unit_of_work(self.ports):
            yield
