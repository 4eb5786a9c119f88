"""The parts of the product, looked up by name: platform, learning and every domain."""

from dataclasses import dataclass
from functools import cached_property

from sonde.platform.core.domain import Domain, ProblemSource
from sonde.platform.core.errors import NotFound
from sonde.platform.core.jobs import JobKind


@dataclass(frozen=True)
class Parts:
    """All parts in menu order; each is a `Domain` value.

    Parameters
    ----------
    every : tuple of Domain
    """

    every: tuple[Domain, ...]

    @cached_property
    def _job_kinds(self) -> dict[str, JobKind]:
        return {kind.name: kind for part in self.every for kind in part.jobs()}

    @cached_property
    def _problem_sources(self) -> dict[str, ProblemSource]:
        return {source.slug: source for part in self.every for source in part.problem_sources()}

    def job_kind(self, name: str) -> JobKind:
        """Return the kind of job called `name`; raises NotFound."""
        try:
            return self._job_kinds[name]
        except KeyError:
            raise NotFound(f"There is no kind of job called {name!r}.", kind=name) from None

    @property
    def problem_sources(self) -> tuple[ProblemSource, ...]:
        """Every source of problems."""
        return tuple(self._problem_sources.values())

    def problem_source(self, slug: str) -> ProblemSource:
        """Return the source called `slug`; raises NotFound."""
        try:
            return self._problem_sources[slug]
        except KeyError:
            raise NotFound(f"There is no source of data called {slug!r}.", source=slug) from None
