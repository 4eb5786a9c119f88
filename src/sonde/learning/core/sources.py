"""Where problems come from: what a domain promises to learning."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from sonde.learning.core.problem import Problem, Upload
from sonde.learning.core.sample_views import SampleView
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid

_LONGEST_TEXT = 200


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


@dataclass(frozen=True)
class UploadQuestion:
    """Something about an uploaded recording that its file may not say.

    Parameters
    ----------
    name : str
        Key in what the person said, such as ``"sampling_rate_hz"``.
    title : str
    unit : str
        Of a positive number; empty where the answer is a text.
    """

    name: str
    title: str
    unit: str = ""

    def accept(self, answer: object) -> float | str:
        """Return the answer in its own type.

        Raises
        ------
        Invalid
            If it is no positive number where one is asked for, or a text that is too long.

        Examples
        --------
        >>> UploadQuestion("sampling_rate_hz", "Sampling rate", "Hz").accept("12000")
        12000.0
        """
        if not self.unit:
            text = str(answer)
            if len(text) > _LONGEST_TEXT:
                raise Invalid(f"{self.title} is too long.", field=self.name)
            return text
        try:
            number = float(str(answer))
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number > 0.0):
            raise Invalid(
                f"{self.title} must be a positive number of {self.unit}, not {answer!r}.",
                field=self.name,
            )
        return number


def accept_answers(
    questions: Sequence[UploadQuestion], given: Mapping[str, object]
) -> dict[str, float | str]:
    """Return what a person said about a file, every answer checked.

    Parameters
    ----------
    questions : sequence of UploadQuestion
        What the source wants to know.
    given : mapping
        Empty answers count as not given.

    Raises
    ------
    Invalid
        If nobody asked for one of them, or an answer is not acceptable.
    """
    known = {question.name: question for question in questions}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise Invalid(
            f"Nobody asked for {unknown[0]!r}; what can be said is {', '.join(known)}.",
            field=unknown[0],
            choices=list(known),
        )
    return {
        name: known[name].accept(answer)
        for name, answer in given.items()
        if answer not in ("", None)
    }


class ProblemSource(Protocol):
    """A domain's supply of problems. Called inside a unit of work, except where stated."""

    slug: str
    title: str
    asks: tuple[UploadQuestion, ...]

    def choices(self, actor: Actor) -> Sequence[ProblemChoice]:
        """List what `actor` may train on."""
        ...

    def describe(self, actor: Actor, ref: str) -> Mapping[str, Any]:
        """Return cheap facts for the wizard: classes, groups, attributes, protocols.

        What can be chosen about the data stands under ``"options"``: for each a name (a key of
        `load`'s options), a title, a help text and either values, each with its label, the default
        first, or a number's default, low and high.
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

        `given` holds the accepted answers to `asks`. Raises Unreadable or Invalid with a sentence
        that says what is missing.
        """
        ...


@runtime_checkable
class LinksSamples(Protocol):
    """What a source may offer beside: where single samples can be looked at."""

    def sample_links(
        self,
        actor: Actor,
        ref: str,
        options: Mapping[str, Any],
        samples: Sequence[tuple[str, int, int]],
    ) -> Sequence[str]:
        """Return an address for each sample (recording, first and one-past-last position).

        Empty where there is none. Raises NotFound where `actor` may not see `ref`.
        """
        ...


@runtime_checkable
class LinksLooks(Protocol):
    """What a source may offer beside: its own pages that look at data and samples."""

    def data_looks(self, ref: str) -> Sequence[tuple[str, str]]:
        """Return title and address of pages that look at a whole problem's data."""
        ...

    def sample_looks(self, address: str) -> Sequence[tuple[str, str]]:
        """Return title and address of further looks at a sample whose address was linked."""
        ...


@runtime_checkable
class ShowsSamples(Protocol):
    """What a source may offer beside: its own pictures of single samples."""

    sample_views: Sequence[SampleView]
