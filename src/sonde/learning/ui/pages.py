"""The pages of learning."""

from typing import Final

from sonde.learning.ui.compare.page import show as show_compare
from sonde.learning.ui.compare.page import show_kept as show_kept_comparison
from sonde.learning.ui.evaluation.page import show as show_evaluation
from sonde.learning.ui.experiment_monitor.page import show as show_monitor
from sonde.learning.ui.experiment_new.page import show as show_new
from sonde.learning.ui.experiment_result.page import show as show_result
from sonde.learning.ui.experiments.page import show as show_experiments
from sonde.learning.ui.registry.page import show_list as show_models
from sonde.learning.ui.registry.page import show_model
from sonde.learning.ui.visualization.page import show as show_visualization
from sonde.platform.core.actor import Role
from sonde.platform.core.domain import Navigation, Page

PAGES: Final = (
    Page(
        "/experiments",
        "Experiments",
        show_experiments,
        Navigation("Learning", "tabler:flask", 10),
    ),
    Page(
        "/experiment/new",
        "New experiment",
        show_new,
        Navigation("Learning", "tabler:circle-plus", 20),
        minimum_role=Role.ANALYST,
        parent="/experiments",
    ),
    Page(
        "/experiment/{experiment_id}/monitor",
        "Monitor",
        show_monitor,
        parent="/experiments",
    ),
    Page(
        "/experiment/{experiment_id}/results",
        "Result",
        show_result,
        parent="/experiments",
    ),
    Page(
        "/evaluation",
        "Evaluation",
        show_evaluation,
        Navigation("Learning", "tabler:target", 50),
    ),
    Page(
        "/compare",
        "Compare experiments",
        show_compare,
        Navigation("Learning", "tabler:arrows-split", 30),
        parent="/experiments",
    ),
    Page(
        "/compare/{comparison_id}",
        "Comparison",
        show_kept_comparison,
        parent="/compare",
    ),
    Page(
        "/visualization",
        "Visualization",
        show_visualization,
        Navigation("Learning", "tabler:chart-dots", 55),
    ),
    Page(
        "/models",
        "Models",
        show_models,
        Navigation("Learning", "tabler:category", 60),
    ),
    Page(
        "/models/{model_name}",
        "Model",
        show_model,
        parent="/models",
    ),
)
