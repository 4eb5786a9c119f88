"""Learning's tables, as its plugin names them to migrations."""

from sonde.learning.persistence.analyses import AnalysisRow
from sonde.learning.persistence.comparisons import ComparisonRow
from sonde.learning.persistence.experiment_tags import ExperimentTagRow, TagRow
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.persistence.metrics import MetricBlockRow, MetricRow
from sonde.learning.persistence.model_predictions import ModelBatchRow, ModelPredictionRow
from sonde.learning.persistence.registry import (
    AliasMoveRow,
    AliasRow,
    ModelVersionRow,
    RegisteredModelRow,
)
from sonde.learning.persistence.runs import LogLineRow, RunRow
from sonde.learning.persistence.saved_searches import SavedSearchRow
from sonde.learning.persistence.templates import TemplateRow

TABLES = (
    ExperimentRow,
    AnalysisRow,
    ComparisonRow,
    TagRow,
    ExperimentTagRow,
    SavedSearchRow,
    TemplateRow,
    RegisteredModelRow,
    ModelVersionRow,
    AliasRow,
    AliasMoveRow,
    ModelPredictionRow,
    ModelBatchRow,
    MetricRow,
    MetricBlockRow,
    RunRow,
    LogLineRow,
)
