"""The load of the machine during a training."""

import os
import sys
import time
from dataclasses import dataclass, field

import psutil

_EVERY_S = 2.0


@dataclass
class SystemLoad:
    """Measures every two seconds; processor figures are means since the last time."""

    _process: psutil.Process = field(default_factory=psutil.Process)
    _measured_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._process.cpu_percent()
        psutil.cpu_percent()

    def measured(self) -> dict[str, float]:
        """Return the load by metric; nothing while it is not time yet."""
        now = time.monotonic()
        if now - self._measured_at < _EVERY_S:
            return {}
        self._measured_at = now
        return {
            "system/cpu_percent": self._process.cpu_percent() / (os.cpu_count() or 1),
            "system/machine_cpu_percent": psutil.cpu_percent(),
            "system/memory_mb": self._process.memory_info().rss / 1e6,
            "system/machine_memory_percent": psutil.virtual_memory().percent,
            **_gpu(),
        }


def _gpu() -> dict[str, float]:
    """Return the GPU's share in use; nothing where no fit has woken one in this process."""
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    is_awake = getattr(cuda, "is_initialized", None)  # missing while torch is being imported
    if cuda is None or is_awake is None or not is_awake():
        return {}
    free, total = cuda.mem_get_info()
    return {
        "system/gpu_memory_mb": cuda.memory_reserved() / 1e6,
        "system/gpu_memory_percent": 100.0 * (total - free) / total,
    }
