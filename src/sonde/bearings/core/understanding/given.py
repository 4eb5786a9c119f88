"""What a person says about all files of an import at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sonde.bearings.core.shaping import Shaping, checked_shaping
from sonde.bearings.core.understanding.label_table import LabelTable
from sonde.bearings.core.understanding.presets.registry import checked_preset
from sonde.bearings.core.understanding.said import Said, plain_label, plain_severity
from sonde.platform.core.errors import Invalid

_LARGEST, _TEXT_LENGTH = 100e6, 80


@dataclass(frozen=True)
class Given:
    """What the person says about all files at once.

    Parameters
    ----------
    sampling_rate_hz, speed_rpm : float, optional
        For files that do not say theirs.
    label, unit, severity, session, bearing : str
        For files that do not say theirs.
    channels : tuple of str
        Keep only these channels; ``"column 1=DE"`` keeps one under another name. Empty keeps all.
    labels : LabelTable, optional
    tacho : str
        Name of the channel with the tacho pulses; empty takes one that is called so.
    preset : str
        Key of a public data set's layout; empty recognises it, ``"none"`` uses none.
    healthy_part : float
        Share of each run to failure, from its beginning, that the person calls healthy.
    shaping : Shaping
        What is done to the samples.
    """

    sampling_rate_hz: float | None = None
    speed_rpm: float | None = None
    label: str = ""
    unit: str = ""
    channels: tuple[str, ...] = ()
    labels: LabelTable | None = None
    severity: str = ""
    session: str = ""
    bearing: str = ""
    tacho: str = ""
    preset: str = ""
    healthy_part: float = 0.0
    shaping: Shaping = Shaping()  # noqa: RUF009  (frozen)

    @property
    def said(self) -> Said:
        """Return it as the last of the sources."""
        return Said(
            "given for all",
            label=plain_label(self.label),
            unit=self.unit,
            severity=self.severity,
            session=self.session,
            bearing=self.bearing,
            sampling_rate_hz=self.sampling_rate_hz,
            speed_rpm=self.speed_rpm,
        )

    @property
    def wanted(self) -> Mapping[str, str]:
        """Return the names of the channels to keep, with the names to keep them under.

        Examples
        --------
        >>> dict(Given(channels=("column 2=DE", "FE")).wanted)
        {'column 2': 'DE', 'FE': 'FE'}
        """
        pairs = [each.partition("=") for each in self.channels]
        return {name.strip(): (alias or name).strip() for name, _, alias in pairs if name.strip()}


def checked_given(given: Given) -> Given:
    """Return `given` in the product's own words; raises Invalid with what makes no sense.

    Examples
    --------
    >>> checked_given(Given(severity="Mild")).severity
    'mild'
    """
    checked_shaping(given.shaping)
    if not 0 <= given.healthy_part <= 1:
        raise Invalid("The healthy part of a run is a share from 0 to 1.", field="healthy_part")
    for name in ("sampling_rate_hz", "speed_rpm"):
        figure = getattr(given, name)
        if figure is not None and not 0 < figure <= _LARGEST:
            raise Invalid(f"{figure!r} is no {name.replace('_', ' ')}.", field=name)
    for name in ("label", "unit", "session", "bearing", "tacho"):
        text = getattr(given, name)
        if len(text) > _TEXT_LENGTH or not text.isprintable():
            raise Invalid(f"At most {_TEXT_LENGTH} printable characters.", field=name)
    return replace(
        given, preset=checked_preset(given.preset), severity=plain_severity(given.severity)
    )


def given_to_json(given: Given) -> dict[str, Any]:
    """Return it as JSON-ready data."""
    return asdict(given)


def given_from_json(data: Mapping[str, Any]) -> Given:
    """Return what `given_to_json` was given.

    Examples
    --------
    >>> given = Given(channels=("DE",), shaping=Shaping(length=1024))
    >>> given_from_json(given_to_json(given)) == given
    True
    """
    labels = data.get("labels")
    table = LabelTable(labels["rows"]) if labels else None
    shaping = Shaping(**data.get("shaping", {}))
    channels = tuple(data["channels"])
    return Given(**{**data, "channels": channels, "labels": table, "shaping": shaping})
