"""Run every benchmark, each in a process of its own: ``python -m benchmarks [name ...]``."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run the benchmarks named on the command line, or all; return how many failed."""
    wanted = sys.argv[1:]
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    if wanted:
        names = [name for name in names if name.removeprefix("bench_") in wanted]
    failed = 0
    for name in names:
        print(f"\n=== {name}", flush=True)
        failed += (
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
            != 0
        )
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
