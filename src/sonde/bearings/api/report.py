"""A diagnosis as one JSON object, and as a page for the terminal."""

import json
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sonde.bearings.core.diagnosis import Diagnosis, Evidence
from sonde.bearings.core.recordings import Recording
from sonde.bearings.core.weighing import Verdict

_HEADLINES = {
    Verdict.HEALTHY: ("Healthy", "green"),
    Verdict.OUTER: ("Outer race fault", "red"),
    Verdict.INNER: ("Inner race fault", "red"),
    Verdict.BALL: ("Rolling element fault", "red"),
    Verdict.CANNOT_TELL: ("Cannot tell", "yellow"),
}
_PARTS = (
    ("BPFO", "outer race"),
    ("BPFI", "inner race"),
    ("BSF", "roller"),
    ("FTF", "cage"),
)
_BAR = 8


def diagnosis_facts(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the diagnosis as JSON-ready facts."""
    return {
        "verdict": diagnosis.verdict.value,
        "strength": round(diagnosis.strength, 3),
        "band_hz": [round(edge, 1) for edge in diagnosis.band_hz],
        "summary": diagnosis.summary,
        "evidence": [
            {
                "line": line.line,
                "order": round(line.order, 4),
                "expected_hz": round(line.expected_hz, 3),
                "found_hz": round(line.found_hz, 3),
                "strength": round(line.strength, 3),
            }
            for line in diagnosis.evidence
        ],
        "assumptions": list(diagnosis.assumptions),
    }


def as_json(diagnosis: Diagnosis, recording: Recording) -> str:
    """Return one JSON object: the diagnosis, and what it was made from."""
    facts = {
        **diagnosis_facts(diagnosis),
        "recording": {
            "name": recording.name,
            "channel": recording.channels[0],
            "sampling_rate_hz": recording.sampling_rate_hz,
            "speed_rpm": recording.speed_rpm,
            "duration_s": round(recording.duration_s, 4),
            "unit": recording.unit,
        },
    }
    return json.dumps(facts, ensure_ascii=False, allow_nan=False)


def print_report(diagnosis: Diagnosis, recording: Recording) -> None:
    """Print the diagnosis for people."""
    parts: list[RenderableType] = [_headline(diagnosis, recording)]
    if diagnosis.evidence:
        parts.append(_evidence_table(diagnosis))
        parts.append(
            Text(
                "Lines of the squared envelope spectrum. Strength: how many times a line stands "
                "over its neighbourhood; noise stays below 3.",
                style="dim",
            )
        )
    assumptions = Table.grid(padding=(0, 1))
    for assumption in diagnosis.assumptions:
        assumptions.add_row("·", assumption)
    parts += [Text("\nTaken as given", style="bold"), assumptions]
    Console().print(Group(*parts))


def _headline(diagnosis: Diagnosis, recording: Recording) -> Panel:
    title, colour = _HEADLINES[diagnosis.verdict]
    low, high = diagnosis.band_hz
    text = Text()
    text.append(title, style=f"bold {colour}")
    if diagnosis.strength > 0:
        text.append(f"   {diagnosis.strength:.1f} × background", style=colour)
    text.append(f"\n{diagnosis.summary}\n")
    text.append(
        f"{recording.duration_s:.2f} s of channel {recording.channels[0]} · "
        f"{recording.sampling_rate_hz:g} Hz · {recording.speed_rpm:g} rpm · "
        f"band {low:.0f}-{high:.0f} Hz",
        style="dim",
    )
    return Panel(text, title=recording.name, title_align="left", border_style=colour)


def _evidence_table(diagnosis: Diagnosis) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Line", style="bold", no_wrap=True)
    table.add_column("Part", style="dim", no_wrap=True)
    for title in ("Order", "Expected Hz", "Found Hz", "Strength"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    top = max(line.strength for line in diagnosis.evidence)
    for line in diagnosis.evidence:
        table.add_row(*_row(line, top))
    return table


def _row(line: Evidence, top: float) -> tuple[RenderableType, ...]:
    filled = max(1, round(_BAR * line.strength / top))
    colour = "red" if line.strength >= 4.5 else "yellow" if line.strength >= 3 else "dim"
    part = next((text for mark, text in _PARTS if mark in line.line), "")
    sideband = "-" in line.line or "+" in line.line
    return (
        line.line,
        "sideband" if sideband else part,
        f"{line.order:.3f}",
        f"{line.expected_hz:.1f}",
        f"{line.found_hz:.1f}",
        f"{line.strength:.1f}",
        Text("█" * filled, style=colour),
    )
