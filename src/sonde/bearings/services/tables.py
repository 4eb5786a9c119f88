"""The tables of bearings, as the domain names them to migrations."""

from sonde.bearings.persistence.condition import (
    AlarmBandRow,
    ConditionEventRow,
    WatchedFolderRow,
)
from sonde.bearings.persistence.datasets import DatasetRow
from sonde.bearings.persistence.exports import ExportRow
from sonde.bearings.persistence.feature_sets import FeatureSetRow
from sonde.bearings.persistence.feature_studies import FeatureStudyRow
from sonde.bearings.persistence.features import FeatureBlockRow
from sonde.bearings.persistence.generation_parts import GenerationPartRow
from sonde.bearings.persistence.generations import (
    FaultClassRow,
    GenerationConfigRow,
    GenerationRow,
)
from sonde.bearings.persistence.imports import ImportRow
from sonde.bearings.persistence.machines import MeasurementRow, NodeRow
from sonde.bearings.persistence.own_features import OwnFeatureRow
from sonde.bearings.persistence.recordings import RecordingRow

TABLES = (
    DatasetRow,
    RecordingRow,
    ExportRow,
    ImportRow,
    FaultClassRow,
    GenerationRow,
    GenerationPartRow,
    GenerationConfigRow,
    FeatureBlockRow,
    FeatureStudyRow,
    OwnFeatureRow,
    FeatureSetRow,
    NodeRow,
    MeasurementRow,
    AlarmBandRow,
    ConditionEventRow,
    WatchedFolderRow,
)
