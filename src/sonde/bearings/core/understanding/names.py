"""What a file's name and its folders say: class, size, rate, speed, load."""

import re
from pathlib import PurePosixPath

from sonde.bearings.core.understanding.said import Said

SOURCE = "file and folder names"

_CLASS_WORDS = {
    "healthy": re.compile(r"^(normal|healthy|baseline|good|undamaged)$"),
    "inner": re.compile(r"^(inner|innerrace|ir|ir\d{3})$"),
    "outer": re.compile(r"^(outer|outerrace|or|or\d{3}(@\d+)?)$"),
    "ball": re.compile(r"^(ball|roller|rollingelement|b\d{3})$"),
    "cage": re.compile(r"^cage$"),
}
_SIZE = re.compile(r"^(?:ir|or|b)(\d{3})(?:@(\d+))?$")
_MIL = re.compile(r"^(\d+)mil$")
_RATE = re.compile(r"^(\d+(?:\.\d+)?)k(?:hz)?$")
_SPEED = re.compile(r"^(\d+)rpm$")
_LOAD = re.compile(r"^(\d+)hp$")
_WORDS = re.compile(r"[^a-z0-9@.]+")


def said_of(path: str) -> Said:
    """Return what the words of a relative path say; the file's own words before its folders'.

    Examples
    --------
    >>> said = said_of("12k_drive_end/OR007@6_1797rpm_0hp.mat")
    >>> said.label, said.fault_size, said.fault_position, said.sampling_rate_hz, said.load
    ('outer', '7 mil', '6', 12000.0, '0 hp')
    """
    parts = PurePosixPath(path.lower()).with_suffix("").parts
    words = [word for part in reversed(parts) for word in _WORDS.split(part) if word]
    size = _first(_SIZE, words)
    mil = _first(_MIL, words)
    rate = _first(_RATE, words)
    speed = _first(_SPEED, words)
    load = _first(_LOAD, words)
    return Said(
        SOURCE,
        label=_label(words),
        fault_size=f"{int((size or mil)[1])} mil" if (size or mil) else "",  # type: ignore[index]
        fault_position=(size[2] or "") if size else "",
        load=f"{load[1]} hp" if load else "",
        sampling_rate_hz=float(rate[1]) * 1000.0 if rate else None,
        speed_rpm=float(speed[1]) if speed else None,
    )


def _first(form: re.Pattern[str], words: list[str]) -> re.Match[str] | None:
    return next((match for word in words if (match := form.match(word))), None)


def _label(words: list[str]) -> str:
    for word in words:
        for label, form in _CLASS_WORDS.items():
            if form.match(word):
                return label
    return ""
