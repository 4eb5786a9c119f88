"""What a fit may do while it runs; it lives beside the other contracts of fitting."""

from sonde.learning.core.fitting.fit_run import FitRun, SoftTargets, as_fit_run

__all__ = ["FitRun", "SoftTargets", "as_fit_run"]
