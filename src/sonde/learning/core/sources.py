"""Where problems come from: what a domain promises to learning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sonde.learning.core.problem import Problem, Upload
from sonde.platform.core.actor import Actor


@dataclass(frozen=True)
class ProblemChoice:
    """One thing that a person can train on.

    Parameters
    ----------
    ref : str
        Identifier within the source, such as a data set's id.
    title : str
    n_recordings, n_groups : int
    classes : tuple of str
    """

    ref: str
    title: str
    n_recordings: int
    n_groups: int
    classes: tuple[str, ...]


class ProblemSource(Protocol):
    """A domain's supply of problems. Called inside a unit of work, except where stated."""

    slug: str
    title: str

    def choices(self, actor: Actor) -> Sequence[ProblemChoice]:
        """List what `actor` may train on."""
        ...

    def describe(self, actor: Actor, ref: str) -> Mapping[str, Any]:
        """Return cheap facts for the wizard: classes, groups, attributes, protocols.

        Raises NotFound where `actor` may not see `ref`.
        """
        ...

    def load(self, actor: Actor, ref: str, options: Mapping[str, Any]) -> Problem:
        """Return the problem; samples are read lazily and without a unit of work.

        `options` are JSON-ready, such as ``{"window": 12000, "overlap": 0}``.
        """
        ...

    def read_upload(
        self, path: Path, name: str, options: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Upload:
        """Read an untrusted file (no unit of work) as samples like those of `options`.

        `given` holds what the person said: sampling rate, speed, channel. Raises Unreadable or
        Invalid with a sentence that says what is missing.
        """
        ...
