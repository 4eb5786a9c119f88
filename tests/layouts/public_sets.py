"""Write small files as the public data sets lay theirs out: names, folders, columns, structs."""

from pathlib import Path

import numpy as np
import scipy.io

N = 1024
_RNG = np.random.default_rng(17)


def noise(n: int = N) -> np.ndarray:
    """Return samples that no other file has."""
    return _RNG.standard_normal(n)


def cwru(folder: Path) -> Path:
    """Write the inner-race record 105 and the normal baseline 97."""
    place = folder / "12k_drive_end"
    place.mkdir(parents=True)
    for number in (105, 97):
        name = f"X{number:03d}"
        values = {f"{name}_DE_time": noise()[:, None], f"{name}_FE_time": noise()[:, None]}
        scipy.io.savemat(place / f"{number}.mat", {**values, f"{name}RPM": [[1796]]})
    return folder


def mfpt(folder: Path) -> Path:
    """Write a baseline, an outer-race and an inner-race file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rate, load in (
        ("baseline_1", 97_656, 270),
        ("OuterRaceFault_vload_1", 48_828, 25),
        ("InnerRaceFault_vload_1", 48_828, 0),
    ):
        struct = {"gs": noise()[:, None], "sr": rate, "load": load, "rate": 25}
        scipy.io.savemat(folder / f"{name}.mat", {"bearing": struct})
    return folder


def paderborn(folder: Path, codes: tuple[str, ...] = ("K001", "KA01", "KI16", "KB27")) -> Path:
    """Write one measurement of each bearing: struct with X (times), Y (signals), Info."""
    for code in codes:
        name = f"N15_M07_F10_{code}_1"
        (folder / code).mkdir(parents=True)
        fast, slow = noise(4 * N), np.arange(N // 4)
        signals = [
            ("force", "Mech_4kHz", 1000 + noise(N // 4)),
            ("phase_current_1", "HostService", noise(4 * N)),
            ("phase_current_2", "HostService", noise(4 * N)),
            ("speed", "Mech_4kHz", 1501.0 + 0.5 * (-1.0) ** slow),
            ("temp_2_bearing_module", "Temp_1Hz", np.array([46.0, 46.2, 46.1, 46.3])),
            ("torque", "Mech_4kHz", 0.7 + 0.01 * noise(N // 4)),
            ("vibration_1", "HostService", fast),
        ]
        times = [("HostService", np.arange(4 * N) / 64_000.0), ("Mech_4kHz", slow / 4_000.0)]
        struct = {"Info": {"Test": "x"}, "X": _axes(times), "Y": _signals(signals)}
        scipy.io.savemat(folder / code / f"{name}.mat", {name: {**struct, "Description": {}}})
    return folder


def _signals(signals: list[tuple[str, str, np.ndarray]]) -> np.ndarray:
    made = np.zeros((1, len(signals)), dtype=[("Name", "O"), ("Raster", "O"), ("Data", "O")])
    for place, (name, raster, values) in enumerate(signals):
        made[0, place] = (name, raster, values[None, :])
    return made


def _axes(axes: list[tuple[str, np.ndarray]]) -> np.ndarray:
    made = np.zeros((1, len(axes)), dtype=[("Name", "O"), ("Data", "O")])
    for place, (name, values) in enumerate(axes):
        made[0, place] = (name, values[None, :])
    return made


def ims(folder: Path) -> Path:
    """Write two files of set 1 (8 columns) and four of set 2 (4 columns), without an extension."""
    for place, columns, names in (
        ("1st_test", 8, ("2003.10.22.12.06.24", "2003.10.22.12.09.13")),
        ("2nd_test", 4, tuple(f"2004.02.12.1{hour}.32.39" for hour in range(4))),
    ):
        (folder / place).mkdir(parents=True)
        for name in names:
            rows = noise(N * columns).reshape(N, columns)
            text = "\n".join("\t".join(f"{value:.3f}" for value in row) for row in rows)
            (folder / place / name).write_text(text + "\n")
    return folder


def xjtu(folder: Path) -> Path:
    """Write three minutes of run 1_1 and one of run 3_2."""
    for condition, run, minutes in (("35Hz12kN", "Bearing1_1", 3), ("40Hz10kN", "Bearing3_2", 1)):
        place = folder / condition / run
        place.mkdir(parents=True)
        for minute in range(1, minutes + 1):
            rows = noise(2 * N).reshape(N, 2)
            lines = ["Horizontal_vibration_signals,Vertical_vibration_signals"]
            lines += [f"{across:.6g},{up:.6g}" for across, up in rows]
            (place / f"{minute}.csv").write_text("\n".join(lines) + "\n")
    return folder


def femto(folder: Path) -> Path:
    """Write four files across midnight, one with ``;``, and a file of temperatures."""
    place = folder / "Learning_set" / "Bearing2_1"
    place.mkdir(parents=True)
    for number, second in enumerate((86_380, 86_390, 0, 10), 1):
        comma = ";" if number == 2 else ","
        lines = []
        for row, (across, up) in enumerate(noise(2 * N).reshape(N, 2)):
            micro = 65_664 + row * 39.0625
            clock = (second // 3600, second // 60 % 60, second % 60)
            lines.append(
                comma.join([*map(str, clock), f"{micro:.0f}", f"{across:.3f}", f"{up:.3f}"])
            )
        (place / f"acc_{number:05d}.csv").write_text("\n".join(lines) + "\n")
    rows = [f"23,59,{row // 10 % 60},{row % 10},{60 + row / 50:.3f}" for row in range(600)]
    (place / "temp_00001.csv").write_text("\n".join(rows) + "\n")
    return folder


SETS = {
    "cwru": cwru,
    "mfpt": mfpt,
    "paderborn": paderborn,
    "ims": ims,
    "xjtu": xjtu,
    "femto": femto,
}
