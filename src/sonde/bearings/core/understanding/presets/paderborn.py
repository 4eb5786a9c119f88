"""The bearing data center of Paderborn University (KAt): vibration, motor currents, 64 kHz.

Source: C. Lessmeier et al., "Condition Monitoring of Bearing Damage in Electromechanical Drive
Systems by Using Motor Current Signals of Electric Motors", PHME 2016: tables 4 (artificial), 5
(real) and 6 (healthy), and the operating parameters in table 6. File ``N15_M07_F10_KA01_1``: 1500
rpm, 0.7 Nm, 1000 N, bearing KA01, measurement 1. Bearings are of type 6203.
"""

import re
from pathlib import PurePosixPath

import numpy as np

from sonde.bearings.core.recordings import Channel, FileContent, Record
from sonde.bearings.core.understanding.presets.preset import (
    Parts,
    Preset,
    only_record,
    renamed,
)
from sonde.bearings.core.understanding.said import Said
from sonde.platform.core.errors import Unreadable

SOURCE = "Paderborn layout"
RATE_HZ = 64_000.0
_NAME = re.compile(r"(?i)^N(\d\d)_M(\d\d)_F(\d\d)_(K[ABI]?\d{2,3})_(\d+)$")
_FAST = {"vibration_1": "", "phase_current_1": "A", "phase_current_2": "A"}

# Damaged parts, level of damage (1 to 3, by its extent) and how it came about.
_ARTIFICIAL = {
    "KA01": ("outer", 1, "electrical discharge machining"),
    "KA03": ("outer", 2, "electric engraver"),
    "KA05": ("outer", 1, "electric engraver"),
    "KA06": ("outer", 2, "electric engraver"),
    "KA07": ("outer", 1, "drilling"),
    "KA08": ("outer", 2, "drilling"),
    "KA09": ("outer", 2, "drilling"),
    "KI01": ("inner", 1, "electrical discharge machining"),
    "KI03": ("inner", 1, "electric engraver"),
    "KI05": ("inner", 1, "electric engraver"),
    "KI07": ("inner", 2, "electric engraver"),
    "KI08": ("inner", 2, "electric engraver"),
}
_REAL = {
    "KA04": ("outer", 1, "fatigue pitting"),
    "KA15": ("outer", 1, "plastic deformation"),
    "KA16": ("outer", 2, "fatigue pitting"),
    "KA22": ("outer", 1, "fatigue pitting"),
    "KA30": ("outer", 1, "plastic deformation"),
    "KB23": ("inner+outer", 2, "fatigue pitting"),
    "KB24": ("inner+outer", 3, "fatigue pitting"),
    "KB27": ("inner+outer", 1, "plastic deformation"),
    "KI04": ("inner", 1, "fatigue pitting"),
    "KI14": ("inner", 1, "fatigue pitting"),
    "KI16": ("inner", 3, "fatigue pitting"),
    "KI17": ("inner", 1, "fatigue pitting"),
    "KI18": ("inner", 2, "fatigue pitting"),
    "KI21": ("inner", 1, "fatigue pitting"),
}


def parts(path: str, content: FileContent, asked: bool) -> Parts | None:
    """Return the record of a Paderborn file, vibration first; see `Preset`."""
    record = only_record(content)
    if record is None:
        return None
    match = _NAME.match(PurePosixPath(path).stem)
    named = {each.variable.rpartition(".")[2]: each for each in record.channels}
    if not match or not (asked or "vibration_1" in named):
        return None
    fast = [
        renamed(named[name], name, unit=unit, rate=RATE_HZ)
        for name, unit in _FAST.items()
        if name in named
    ]
    if not fast:
        raise Unreadable("This Paderborn file holds neither vibration nor currents.")
    vibration = [channel for channel in fast if channel.name == "vibration_1"]
    return [(Record("", tuple(vibration or fast)), _said(path, match, named))]


def _said(path: str, match: re.Match[str], named: dict[str, Channel]) -> Said:
    code = match[4].upper()
    label, level, cause = _damage(code)
    speed = named.get("speed")
    conditions = {
        "torque_nm": int(match[2]) / 10,
        "radial_force_n": int(match[3]) * 100,
        **({"damage_level": level, "damage": cause} if level else {}),
        **({"damage_origin": "artificial" if code in _ARTIFICIAL else "real"} if level else {}),
    }
    temperature = named.get("temp_2_bearing_module")
    if temperature is not None:
        conditions["temperature_c"] = round(float(np.mean(temperature.samples)), 1)
    return Said(
        SOURCE,
        label=label,
        bearing=f"Paderborn {code}",
        lineage=f"Paderborn {PurePosixPath(path).stem}",
        fault_size=f"level {level}" if level else "",
        load=f"{int(match[3]) * 100} N",
        session=f"N{match[1]}_M{match[2]}_F{match[3]}",
        sampling_rate_hz=RATE_HZ,
        speed_rpm=float(np.mean(speed.samples, dtype=np.float64)) if speed else None,
        conditions=conditions,
    )


def _damage(code: str) -> tuple[str, int, str]:
    """Return label, level and cause of a bearing's code; no label for codes of no table."""
    if re.fullmatch(r"K00[1-6]", code):
        return "healthy", 0, ""
    return _ARTIFICIAL.get(code) or _REAL.get(code) or ("", 0, "")


PADERBORN = Preset(
    "paderborn",
    "Paderborn University (KAt)",
    "6203",
    "Class, damage level and bearing from the published tables; speed from the speed channel.",
    parts,
)
