"""The pages of bearings."""

from typing import Final

from sonde.bearings.ui.comparing.page import show as show_comparison
from sonde.bearings.ui.condition.page import show as show_condition
from sonde.bearings.ui.dataset.page import show as show_dataset
from sonde.bearings.ui.datasets.page import show as show_datasets
from sonde.bearings.ui.explorer.page import show as show_explorer
from sonde.bearings.ui.features.page import show as show_features
from sonde.bearings.ui.generation.page import show as show_generation
from sonde.bearings.ui.generation.page import show_import as show_generation_import
from sonde.bearings.ui.importing.page import show_form, show_review
from sonde.bearings.ui.signal.page import show as show_signal
from sonde.bearings.ui.signal.page import show_choice
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import Navigation, Page

_DATASETS: Final = "/datasets"
_FEATURES: Final = "/feature-engineering"
_EXPLORE: Final = "/data-explorer"
_GENERATE: Final = "/data-generation"
_IMPORT: Final = "/datasets/import"
_SIGNALS: Final = "/signal-viewer"

PAGES: Final = (
    Page(_DATASETS, "Datasets", show_datasets, Navigation("Data", "tabler:database", 10)),
    Page(_IMPORT, "Import recordings", show_form, minimum_role=Role.ANALYST, parent=_DATASETS),
    Page(
        f"{_IMPORT}/{{import_id}}",
        "Imported recordings",
        show_review,
        minimum_role=Role.ANALYST,
        parent=_IMPORT,
    ),
    Page(f"{_DATASETS}/compare", "Compare data sets", show_comparison, parent=_DATASETS),
    Page(f"{_DATASETS}/{{dataset_id}}", "Data set", show_dataset, parent=_DATASETS),
    Page(
        _GENERATE,
        "Data generation",
        show_generation,
        Navigation("Data", "tabler:database-plus", 15),
        minimum_role=Role.ANALYST,
    ),
    Page(
        f"{_GENERATE}/import",
        "Import recordings",
        show_generation_import,
        minimum_role=Role.ANALYST,
        parent=_GENERATE,
    ),
    Page(_EXPLORE, "Data explorer", show_explorer, Navigation("Data", "tabler:chart-dots", 18)),
    Page(
        "/condition",
        "Machines",
        show_condition,
        Navigation("Data", "tabler:activity-heartbeat", 30),
    ),
    Page(_SIGNALS, "Signals", show_choice, Navigation("Data", "tabler:wave-sine", 20)),
    Page(f"{_SIGNALS}/{{recording_id}}", "Signal", show_signal, parent=_SIGNALS),
    Page(_FEATURES, "Features", show_features, Navigation("Data", "tabler:math-function", 40)),
)
