"""On which device and in how many bits a training computes; imported by fits only."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch

from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.platform.core.errors import Invalid

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Precision:
    """Where and how exactly a training computes.

    Parameters
    ----------
    device : torch.device
    type : torch.dtype, optional
        Of the half precision; None computes in 32 bits.
    scaler : torch.amp.GradScaler
        Keeps small gradients of FP16 above zero; does nothing else.
    """

    device: Any
    type: Any = None
    scaler: Any = field(default_factory=lambda: torch.amp.GradScaler("cpu", enabled=False))

    def autocast(self) -> AbstractContextManager[Any]:
        """Return the block in which layers compute in the chosen precision."""
        if self.type is None:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.type)

    @contextmanager
    def sound(self) -> Iterator[None]:
        """Leave out what computes wrongly, for the length of a training.

        In BF16 on a CPU, oneDNN (torch 2.13) leaves the gradient of a convolution with stride 2
        unwritten where a single position comes out; torch's own kernels are slower and right.
        """
        before = torch._C._get_mkldnn_enabled()
        torch._C._set_mkldnn_enabled(before and not (self.type and self.device.type == "cpu"))
        try:
            yield
        finally:
            torch._C._set_mkldnn_enabled(before)


def precision_of(config: TrainingConfig) -> Precision:
    """Return what a configuration asks for.

    Raises
    ------
    Invalid
        If this machine does not have it.

    Examples
    --------
    >>> precision_of(TrainingConfig(device="cpu")).device.type
    'cpu'
    """
    device = torch.device(_device(config.device))
    kind = _TYPES.get(config.precision)
    if config.precision == "fp16" and device.type != "cuda":
        raise Invalid(
            "FP16 needs a GPU, and this machine has none; choose FP32, or BF16.", field="precision"
        )
    if config.precision == "bf16" and device.type == "cuda" and not torch.cuda.is_bf16_supported():
        raise Invalid("This GPU has no BF16; choose FP16 or FP32.", field="precision")
    scaler = torch.amp.GradScaler(device.type, enabled=config.precision == "fp16")
    return Precision(device, kind, scaler)


def _device(asked: str) -> str:
    has_gpu = torch.cuda.is_available()
    if asked == "cuda" and not has_gpu:
        raise Invalid("This machine has no GPU; choose the device auto or cpu.", field="device")
    return "cuda" if asked != "cpu" and has_gpu else "cpu"
