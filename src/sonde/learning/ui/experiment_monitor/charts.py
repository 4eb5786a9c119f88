"""Which metrics stand on which chart of the monitor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sonde.learning.core.runs import Curve

GRADIENTS: Final = "gradient/"
PRETRAINING: Final = "pretraining/"
_NO_MEMBERS: Final = (PRETRAINING, "fold/", "system/", "train/", "validation/")


@dataclass(frozen=True)
class Chart:
    """One chart.

    Parameters
    ----------
    name, title : str
    metrics : tuple of (str, str)
        Metric and what it is called on the chart; the first of them is drawn solid.
    x, y : str
        Titles of the axes.
    span : tuple of float, optional
        Fixed range of values.
    by_time : bool
        Over minutes since the first point rather than over steps.
    with_layers : bool
        Every metric of gradients of layers, too.
    logarithmic : bool
    """

    name: str
    title: str
    metrics: tuple[tuple[str, str], ...]
    x: str
    y: str
    span: tuple[float, float] | None = None
    by_time: bool = False
    with_layers: bool = False
    logarithmic: bool = False

    def curves(self, curves: Sequence[Curve]) -> tuple[Curve, ...]:
        """Return the curves that stand on this chart, in the order of its metrics.

        Those of an ensemble's members, such as ``"cycle 1/train/loss"``, stand with the others.
        """
        keys = [key for key, _ in self.metrics]
        if self.with_layers:
            keys += sorted({one.key for one in curves if one.key.startswith(GRADIENTS)})
        return tuple(one for key in keys for one in curves if _is_of(one.key, key))

    def word(self, key: str) -> str:
        """Return what a metric is called on this chart."""
        for metric, word in self.metrics:
            if _is_of(key, metric):
                member = key.removesuffix(metric).removesuffix("/")
                return f"{member}, {word}" if member else word
        return key.removeprefix(GRADIENTS)


def _is_of(key: str, metric: str) -> bool:
    """Say whether a key is a metric, or that of an ensemble's member."""
    member = key.removesuffix(metric)
    return key == metric or (
        member != key and member.endswith("/") and not member.endswith(_NO_MEMBERS)
    )


CHARTS: Final = (
    Chart(
        "loss",
        "Loss",
        (("train/loss", "training"), ("validation/loss", "validation")),
        "Epoch",
        "Loss",
    ),
    Chart(
        "score",
        "Accuracy and macro-F1",
        (
            ("validation/macro_f1", "macro-F1, validation"),
            ("validation/accuracy", "accuracy, validation"),
            ("train/accuracy", "accuracy, training"),
        ),
        "Epoch",
        "Share",
        span=(0.0, 1.02),
    ),
    Chart(
        "pretraining",
        "Pretraining loss",
        ((f"{PRETRAINING}loss", "without labels"),),
        "Epoch",
        "Loss",
    ),
    Chart("rate", "Learning rate", (("learning_rate", "learning rate"),), "Epoch", "Step size"),
    Chart(
        "gradient",
        "Gradient norm",
        (("gradient_norm", "all layers"),),
        "Epoch",
        "Norm",
        with_layers=True,
    ),
    Chart("throughput", "Throughput", (("throughput", "training"),), "Epoch", "Windows per second"),
    Chart(
        "folds",
        "Held-out score of each fold",
        (("fold/macro_f1", "macro-F1"), ("fold/accuracy", "accuracy")),
        "Fold",
        "Share",
        span=(0.0, 1.02),
    ),
    Chart(
        "fold-rate",
        "Throughput of each fold",
        (("fold/throughput", "training and asking"),),
        "Fold",
        "Windows per second",
    ),
    Chart(
        "system",
        "System load",
        (
            ("system/cpu_percent", "processors, this training"),
            ("system/machine_cpu_percent", "processors, all"),
            ("system/machine_memory_percent", "memory, all"),
            ("system/gpu_memory_percent", "GPU memory"),
        ),
        "Minutes",
        "Percent",
        span=(0.0, 102.0),
        by_time=True,
    ),
    Chart(
        "memory",
        "Memory",
        (("system/memory_mb", "this training"), ("system/gpu_memory_mb", "on the GPU")),
        "Minutes",
        "MB",
        by_time=True,
    ),
)
"""The metrics of classical models are those of their folds; deep models have curves within."""


def is_within(curve: Curve) -> bool:
    """Say whether a curve belongs to a part, such as a fold."""
    return bool(curve.part)


def parts_of(curves: Sequence[Curve]) -> list[str]:
    """Return the parts that have curves, folds first and by number."""

    def order(part: str) -> tuple[int, str, int]:
        words, _, number = part.rpartition(" ")
        kinds = ("fold", "leaky fold")
        kind = kinds.index(words) if words in kinds else len(kinds)
        return kind, words, int(number) if number.isdigit() else 0

    return sorted({one.part for one in curves if is_within(one)}, key=order)


def chosen(curves: Sequence[Curve], part: str) -> list[Curve]:
    """Return the curves of one part, or of all folds if none is named; and those of the whole."""
    wanted = {part} if part else {one for one in parts_of(curves) if one.startswith("fold ")}
    return [one for one in curves if not is_within(one) or one.part in wanted]
