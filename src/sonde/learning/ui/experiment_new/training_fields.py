"""How a deep model learns: every setting of the training, in groups."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.fitting.training_config import AUGMENTATIONS, TRAINING_KNOBS
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.ui.experiment_new.fields import form_grid, knob_field, options_of
from sonde.learning.ui.experiment_new.ids import field

_KNOBS: Final = {knob.name: knob for knob in TRAINING_KNOBS}
_FIRST: Final = ("epochs", "batch_size", "learning_rate", "optimiser", "schedule", "device")
_GROUPS: Final = (
    ("Optimiser and schedule", ("weight_decay", "momentum", "warm_up_epochs", "gradient_clip")),
    ("Loss", ("loss", "focal_gamma", "label_smoothing", "class_weights")),
    ("Stopping", ("validation_fraction", "early_stopping", "patience")),
    ("Augmentation, in training batches only", ("augmentation_strength",)),
    ("Pretraining without labels", ("pretraining", "pretraining_epochs")),
    ("A teacher", ("distillation_temperature", "distillation_weight")),
    ("What is kept", ("checkpoints", "gradient_statistics", "tensorboard")),
    ("Precision and length of windows", ("precision",)),
)


def training_section(form: Mapping[str, Any], teachers: Sequence[tuple[str, str]]) -> list[Any]:
    """Return the controls; `teachers` are finished experiments, each id and title."""
    more = {
        "Augmentation, in training batches only": [_augmentations(form)],
        "A teacher": [_teacher(form, teachers)],
        "Precision and length of windows": [_resizing(form)],
    }
    first = form_grid([_knob(name, form) for name in _FIRST])
    groups = [
        html.Details(
            [
                html.Summary(title),
                form_grid([*more.get(title, ()), *(_knob(name, form) for name in names)]),
            ],
            className="sonde-twin",
            open=_is_changed(names, form),
        )
        for title, names in _GROUPS
    ]
    return [first, *groups]


def _knob(name: str, form: Mapping[str, Any]) -> Any:
    return knob_field(f"training/{name}", _KNOBS[name], form)


def _is_changed(names: Sequence[str], form: Mapping[str, Any]) -> bool:
    return any(_differs(_KNOBS[name], form.get(f"training/{name}")) for name in names)


def _differs(knob: HyperParameter, value: Any) -> bool:
    return value is not None and value != knob.default


def _augmentations(form: Mapping[str, Any]) -> Any:
    return dmc.MultiSelect(
        id=field("training/augmentations"),
        label="Augmentations",
        description="How training windows are varied; tested windows never are.",
        data=options_of(AUGMENTATIONS),
        value=list(form.get("training/augmentations", ())),
        clearable=True,
    )


def _teacher(form: Mapping[str, Any], teachers: Sequence[tuple[str, str]]) -> Any:
    return dmc.Select(
        id=field("training/teacher"),
        label="Learn from a finished experiment",
        description=(
            "Its configuration is trained again on each fold's training side, so that nothing "
            "of the tested side is passed on."
        ),
        data=[{"value": one, "label": title} for one, title in teachers],
        value=form.get("training/teacher") or None,
        searchable=True,
        clearable=True,
        placeholder="Nobody",
    )


def _resizing(form: Mapping[str, Any]) -> Any:
    return dmc.TextInput(
        id=field("training/progressive_resizing"),
        label="Progressive resizing",
        description="Growing window lengths of equal parts of the training, such as 1024, 4096.",
        value=str(form.get("training/progressive_resizing", "")),
    )
