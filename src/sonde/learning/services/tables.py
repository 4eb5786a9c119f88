"""Learning's tables, as its plugin names them to migrations."""

from sonde.learning.persistence.experiments import ExperimentRow

TABLES = (ExperimentRow,)
