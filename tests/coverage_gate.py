"""Hold the coverage of every room: ``python -m tests.coverage_gate``, after the tests."""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

GATES = {"core": 90.0, "services": 85.0, "ui": 70.0, "api": 70.0, "tasks": 70.0}


def by_room(files: Mapping[str, Mapping[str, Mapping[str, int]]]) -> dict[str, tuple[int, int]]:
    """Return covered and all statements of each room that has a gate."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, facts in files.items():
        parts = PurePosixPath(name.replace("\\", "/")).parts
        rooms = [part for part in parts[:-1] if part in GATES]
        if not rooms:
            continue
        summary = facts["summary"]
        counts[rooms[0]][0] += summary["covered_lines"]
        counts[rooms[0]][1] += summary["num_statements"]
    return {room: (covered, every) for room, (covered, every) in counts.items()}


def main() -> int:
    """Print one line per room; return 1 if one is below its gate."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run(
            [sys.executable, "-m", "coverage", "json", "-q", "-o", str(report)], check=True
        )
        rooms = by_room(json.loads(report.read_text(encoding="utf-8"))["files"])
    failed = False
    for room, gate in GATES.items():
        covered, every = rooms.get(room, (0, 0))
        percent = 100.0 * covered / every if every else 100.0
        failed |= percent < gate
        mark = "ok " if percent >= gate else "LOW"
        print(f"{mark} {room:<9} {percent:5.1f} % of {every} statements (gate {gate:.0f} %)")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
