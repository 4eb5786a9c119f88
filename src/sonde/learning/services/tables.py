"""Learning's tables, as its plugin names them to migrations."""

from sonde.learning.persistence.analyses import AnalysisRow
from sonde.learning.persistence.experiments import ExperimentRow

TABLES = (ExperimentRow, AnalysisRow)
