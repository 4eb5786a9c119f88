"""How a deep model is trained: everything that a person may choose, saved with every run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.platform.core.errors import Invalid

AUGMENTATIONS = (
    "noise",
    "shift",
    "scale",
    "time-warp",
    "magnitude-warp",
    "mixup",
    "cutmix",
    "random",
)


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides how a deep model learns, beside its architecture and its seed.

    Parameters
    ----------
    epochs, batch_size : int
    optimiser : {"adam", "adamw", "sgd", "rmsprop"}
    learning_rate, weight_decay, momentum : float
    schedule : {"none", "step", "cosine", "plateau", "one-cycle"}
    warm_up_epochs : int
        Epochs of linear warm-up before the schedule begins.
    loss : {"cross-entropy", "focal"}
    focal_gamma, label_smoothing : float
    class_weights : {"none", "balanced"}
    early_stopping : bool
        Stop when the inner validation score has not grown for `patience` epochs; keep the best.
    patience : int
    validation_fraction : float
        Share of the training groups that is put aside within the training side; 0 for none.
    gradient_clip : float
        Largest norm of the gradient; 0 for none.
    precision : {"fp32", "bf16", "fp16"}
    augmentations : tuple of str
        Of `AUGMENTATIONS`; applied to training batches only.
    augmentation_strength : float
        In [0, 1].
    checkpoints : {"best", "all", "last"}
        Which weights are kept as files.
    gradient_statistics : bool
        Note the gradient's norm of every layer.
    tensorboard : bool
        Keep the curves as TensorBoard files too.
    progressive_resizing : tuple of int
        Window lengths of equal parts of the training, ending with the whole; empty for none.
    pretraining : {"none", "masked", "contrastive"}
    pretraining_epochs : int
    teacher : str
        Id of the finished experiment that is distilled; empty for none.
    distillation_temperature, distillation_weight : float
    device : {"auto", "cpu", "cuda"}
    """

    epochs: int = 30
    batch_size: int = 32
    optimiser: str = "adamw"
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    momentum: float = 0.9
    schedule: str = "cosine"
    warm_up_epochs: int = 0
    loss: str = "cross-entropy"
    focal_gamma: float = 2.0
    label_smoothing: float = 0.0
    class_weights: str = "balanced"
    early_stopping: bool = True
    patience: int = 8
    validation_fraction: float = 0.2
    gradient_clip: float = 1.0
    precision: str = "fp32"
    augmentations: tuple[str, ...] = field(default=())
    augmentation_strength: float = 0.5
    checkpoints: str = "best"
    gradient_statistics: bool = False
    tensorboard: bool = False
    progressive_resizing: tuple[int, ...] = field(default=())
    pretraining: str = "none"
    pretraining_epochs: int = 5
    teacher: str = ""
    distillation_temperature: float = 4.0
    distillation_weight: float = 0.5
    device: str = "auto"


TRAINING_KNOBS: tuple[HyperParameter, ...] = (
    HyperParameter("epochs", "Epochs", "Passes over the training windows.", 30, 1, 1000),
    HyperParameter("batch_size", "Batch size", "Windows per step.", 32, 1, 4096, is_log=True),
    HyperParameter(
        "optimiser",
        "Optimiser",
        "AdamW is a good first choice; SGD needs a larger learning rate.",
        "adamw",
        choices=("adam", "adamw", "sgd", "rmsprop"),
    ),
    HyperParameter(
        "learning_rate", "Learning rate", "Largest step size.", 1e-3, 1e-7, 10.0, is_log=True
    ),
    HyperParameter("weight_decay", "Weight decay", "Pulls weights to zero.", 1e-2, 0.0, 1.0),
    HyperParameter("momentum", "Momentum", "Of SGD and RMSprop.", 0.9, 0.0, 0.999),
    HyperParameter(
        "schedule",
        "Schedule",
        "How the learning rate changes over the epochs.",
        "cosine",
        choices=("none", "step", "cosine", "plateau", "one-cycle"),
    ),
    HyperParameter(
        "warm_up_epochs", "Warm-up", "Epochs of rising learning rate at the start.", 0, 0, 100
    ),
    HyperParameter(
        "loss",
        "Loss",
        "Focal loss looks more at windows that are still told wrongly.",
        "cross-entropy",
        choices=("cross-entropy", "focal"),
    ),
    HyperParameter("focal_gamma", "Focal gamma", "0 is cross-entropy.", 2.0, 0.0, 10.0),
    HyperParameter("label_smoothing", "Label smoothing", "0 trusts labels wholly.", 0.0, 0.0, 0.9),
    HyperParameter(
        "class_weights",
        "Class weights",
        "Balanced: rare classes count as much.",
        "balanced",
        choices=("none", "balanced"),
    ),
    HyperParameter(
        "early_stopping", "Early stopping", "Stop when validation grows no more.", default=True
    ),
    HyperParameter("patience", "Patience", "Epochs to wait for a better one.", 8, 1, 500),
    HyperParameter(
        "validation_fraction",
        "Validation share",
        "Share of the training groups that watches over the training.",
        0.2,
        0.0,
        0.5,
    ),
    HyperParameter(
        "gradient_clip", "Gradient clipping", "Largest norm; 0 for none.", 1.0, 0.0, 1000.0
    ),
    HyperParameter(
        "precision",
        "Precision",
        "Half precision is faster where the device has it.",
        "fp32",
        choices=("fp32", "bf16", "fp16"),
    ),
    HyperParameter(
        "augmentation_strength", "Augmentation strength", "How far windows are bent.", 0.5, 0.0, 1.0
    ),
    HyperParameter(
        "checkpoints",
        "Keep weights",
        "Of the best epoch, the last one, or every epoch.",
        "best",
        choices=("best", "last", "all"),
    ),
    HyperParameter(
        "gradient_statistics", "Gradient statistics", "The norm of each layer.", default=False
    ),
    HyperParameter("tensorboard", "TensorBoard", "Keep curves as event files.", default=False),
    HyperParameter(
        "pretraining",
        "Self-supervised pretraining",
        "Learn from the training windows without their labels first.",
        "none",
        choices=("none", "masked", "contrastive"),
    ),
    HyperParameter("pretraining_epochs", "Pretraining epochs", "Passes without labels.", 5, 1, 500),
    HyperParameter(
        "distillation_temperature", "Temperature", "Softens what the teacher says.", 4.0, 0.5, 50.0
    ),
    HyperParameter(
        "distillation_weight",
        "Teacher's weight",
        "Share of the teacher in the loss.",
        0.5,
        0.0,
        1.0,
    ),
    HyperParameter(
        "device",
        "Device",
        "Auto takes a GPU where there is one.",
        "auto",
        choices=("auto", "cpu", "cuda"),
    ),
)


def accept_training(given: Mapping[str, object]) -> TrainingConfig:
    """Return the configuration that a person, a program or a stored run names.

    Parameters
    ----------
    given : mapping
        What is absent has its default.

    Raises
    ------
    Invalid
        If a name is unknown or a value is not acceptable.

    Examples
    --------
    >>> accept_training({"epochs": "3"}).epochs
    3
    """
    names = {one.name for one in fields(TrainingConfig)}
    unknown = sorted(set(given) - names)
    if unknown:
        raise Invalid(f"Training has no setting {unknown[0]!r}.", unknown=unknown)
    accepted: dict[str, Any] = {
        knob.name: knob.accept(given[knob.name]) for knob in TRAINING_KNOBS if knob.name in given
    }
    if "augmentations" in given:
        accepted["augmentations"] = _augmentations(given["augmentations"])
    if "progressive_resizing" in given:
        accepted["progressive_resizing"] = _lengths(given["progressive_resizing"])
    if "teacher" in given:
        accepted["teacher"] = str(given["teacher"] or "")
    return TrainingConfig(**accepted)


def training_document(config: TrainingConfig) -> dict[str, Any]:
    """Return the configuration as a JSON-ready document that `accept_training` takes back."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(config).items()
    }


def _augmentations(given: object) -> tuple[str, ...]:
    named = tuple(str(one) for one in given) if isinstance(given, list | tuple) else ()
    strange = sorted(set(named) - set(AUGMENTATIONS))
    if strange or not isinstance(given, list | tuple):
        raise Invalid(
            f"Augmentations are a list of {', '.join(AUGMENTATIONS)}, not {given!r}.",
            field="augmentations",
        )
    return tuple(name for name in AUGMENTATIONS if name in named)


def _lengths(given: object) -> tuple[int, ...]:
    try:
        lengths = tuple(int(str(one)) for one in given) if isinstance(given, list | tuple) else (0,)
    except ValueError:
        lengths = (0,)
    if any(length < 16 for length in lengths) or list(lengths) != sorted(lengths):
        raise Invalid(
            "Progressive resizing is a list of growing window lengths of at least 16 samples, "
            f"not {given!r}.",
            field="progressive_resizing",
        )
    return lengths
