"""How long a hostile file holds us up, beside how long the usual readers take for it.

Promise 18: every file of the corpus is refused within two seconds, and memory grows by less than
64 MB. The peers are ``scipy.io.loadmat`` and plain h5py, each in a process of its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from sonde.bearings.core.readers.reading import start_reading
from sonde.platform.core.errors import Invalid
from tests.hostile.make_corpus import h5_expanding_to_134_mb, make_corpus, mat_expanding_to_400_mb

PEERS = {
    mat_expanding_to_400_mb: "import sys, scipy.io; scipy.io.loadmat(sys.argv[1])",
    h5_expanding_to_134_mb: "import sys, h5py; h5py.File(sys.argv[1])['x'][...]",
}


def refuse(path: Path) -> tuple[float, str]:
    """Read a file; return the seconds and the reason why it was refused."""
    started = time.perf_counter()
    try:
        start_reading(path).content()
    except Invalid as error:
        return time.perf_counter() - started, error.message
    return time.perf_counter() - started, "READ"


def peer(code: str, path: Path) -> tuple[float, float]:
    """Run the usual reader; return its seconds and the largest memory of any child, in MB."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> int:
    """Print the table; fail if a promise is broken."""
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        corpus = make_corpus(Path(folder))
        before = process.memory_info().rss
        timed = [(path.name, *refuse(path)) for path in corpus]
        grown = (process.memory_info().rss - before) / 1e6
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for name, seconds, reason in timed:
        print(f"{name:28} {seconds * 1e3:6.0f} ms  {reason}")
    slowest = max(seconds for _, seconds, _ in timed)
    print(f"\n{len(timed)} files, all refused: {all(reason != 'READ' for *_, reason in timed)}")
    print(f"slowest {slowest * 1e3:.0f} ms, our memory grew by {grown:.1f} MB")
    print(f"largest child {children:.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        for make, code in PEERS.items():
            path = make(Path(folder))
            ours = refuse(path)[0]
            seconds, megabytes = peer(code, path)
            print(
                f"{path.name}: refused in {ours:.2f} s; the usual reader took {seconds:.2f} s "
                f"({seconds / ours:.1f}x) and {megabytes:.0f} MB"
            )
    return int(slowest > 2.0 or grown > 64 or any(reason == "READ" for *_, reason in timed))


if __name__ == "__main__":
    raise SystemExit(main())
