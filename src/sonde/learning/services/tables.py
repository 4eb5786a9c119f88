"""Learning's tables, as its plugin names them to migrations."""

from sonde.learning.persistence.analyses import AnalysisRow
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.persistence.metrics import MetricBlockRow, MetricRow
from sonde.learning.persistence.runs import LogLineRow, RunRow

TABLES = (
    ExperimentRow,
    AnalysisRow,
    MetricRow,
    MetricBlockRow,
    RunRow,
    LogLineRow,
)
