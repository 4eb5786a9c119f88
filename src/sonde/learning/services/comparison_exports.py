"""Comparisons as files: a report in PDF, every number as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass

from sonde import __version__
from sonde.learning.core.comparison.comparison import NotComparable
from sonde.learning.services import comparison, stored_comparisons
from sonde.platform.core.actor import Actor
from sonde.platform.services.work import ports


@dataclass(frozen=True)
class ExportFile:
    """A comparison as a file."""

    name: str
    content: bytes


def report(actor: Actor, ids: Sequence[str], rope: float = 0.01, kept: str = "") -> ExportFile:
    """Return the comparison as PDF, under the name and note of the one that was kept.

    Raises NotFound, Invalid, and NotComparable with reasons.
    """
    from sonde.learning.core.comparison.report import ComparisonReport, as_pdf

    stored = stored_comparisons.get(actor, kept) if kept else None
    found = comparison.side_by_side(actor, ids, rope)
    if found.comparison is None:
        raise NotComparable(" ".join(found.reasons), reasons=list(found.reasons))
    result = found.experiments[0].result
    content = as_pdf(
        ComparisonReport(
            name=stored.name if stored else f"{found.titles[0]} and {len(found.titles) - 1} more",
            note=stored.note if stored else "",
            made_at=f"{ports().clock():%Y-%m-%d %H:%M} UTC",
            version=__version__,
            certificate=result.certificate.summary if result else "",
            comparison=found.comparison,
            configuration=tuple(row for row in found.configuration if row.differs),
        )
    )
    return ExportFile(f"comparison-{ports().clock():%Y-%m-%d}.pdf", content)


def table(actor: Actor, ids: Sequence[str], rope: float = 0.01) -> ExportFile:
    """Return every number as CSV; raises NotFound, Invalid, Conflict and NotComparable."""
    from sonde.learning.core.comparison.flat import as_csv

    content = as_csv(comparison.compare(actor, ids, rope)).encode()
    return ExportFile(f"comparison-{ports().clock():%Y-%m-%d}.csv", content)
