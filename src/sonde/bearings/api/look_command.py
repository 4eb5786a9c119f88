"""``sonde look``: find a stored recording, read it off, take it along as a file."""

import json as as_json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sonde.platform.core.errors import Invalid, SondeError

if TYPE_CHECKING:
    from sonde.bearings.core.signal_views import Look
    from sonde.platform.core.actor import Actor

_KINDS = {".csv": "csv", ".npy": "npy", ".wav": "wav"}
_FOUND = 20


def look(
    text: Annotated[str, typer.Argument(help="Id, or part of file name, class or bearing.")],
    channel: Annotated[str, typer.Option(help="The first if empty.")] = "",
    bearing: Annotated[str, typer.Option(help="The data set's own if empty.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Write the samples: .csv, .npy or .wav by the name.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look at a stored recording: spectrum, envelope, diagnosis and features.

    Example: sonde look outer_007 --out outer.npy
    """
    from sonde.bearings.core.signal_views import Look
    from sonde.platform.services.local import local_request
    from sonde.platform.services.work import unit_of_work

    try:
        with local_request() as request, unit_of_work(request.ports):
            recording_id = _only(request.actor, text)
            wanted = Look(recording_id, channel, bearing)
            told = _told(request.actor, wanted)
            if out is not None:
                _write(request.actor, wanted, out)
    except SondeError as error:
        typer.echo(" ".join(error.message.split()), err=True)
        raise typer.Exit(2) from None
    if json:
        typer.echo(as_json.dumps(told, indent=2))
        return
    for name, value in told.items():
        typer.echo(f"{name.replace('_', ' '):16} {_words(value)}")


def _only(actor: "Actor", text: str) -> str:
    """Return the one recording that is meant; say which there are where it is several."""
    from sonde.bearings.services.signals import places

    found = places.search_recordings(actor, text, _FOUND)
    if not found:
        raise Invalid(f"No recording holds {text!r}.", text=text)
    exact = [one for one in found if text in {one.id, one.title}]
    chosen = exact if len(exact) == 1 else found
    if len(chosen) > 1:
        names = "; ".join(f"{one.id} {one.words}" for one in found)
        raise Invalid(f"{len(found)} recordings hold {text!r}; give an id: {names}")
    return chosen[0].id


def _told(actor: "Actor", wanted: "Look") -> dict[str, Any]:
    """Return what is read off a recording, ready for JSON."""
    from sonde.bearings.services.signals import diagnosis, measures, places, spectra

    place = places.place(actor, wanted)
    recording = place.recording
    peaks = spectra.spectrum(actor, wanted).peaks
    envelope = spectra.envelope(actor, wanted)
    best = spectra.kurtogram(actor, wanted).best
    physics = diagnosis.diagnosis(actor, wanted)
    features = measures.features(actor, wanted)
    return {
        "id": recording.id,
        "recording": recording.title,
        "class": recording.label,
        "channel": place.channel,
        "speed_rpm": recording.speed_rpm,
        "sampling_rate_hz": recording.sampling_rate_hz,
        "unit": recording.unit,
        "peaks_hz": [round(hz, 3) for hz, _ in peaks],
        "impulsive_band": [round(edge, 1) for edge in best.band],
        "envelope_band": [round(edge, 1) for edge in envelope.band],
        "diagnosis": physics.summary if physics else "The bearing is unknown.",
        **{one.name: round(one.value, 6) for one in features["time"]},
    }


def _write(actor: "Actor", wanted: "Look", out: Path) -> None:
    """Write the samples of the channel; raises Invalid for a name that says no format."""
    from sonde.bearings.services.signals import exports

    kind = _KINDS.get(out.suffix.lower())
    if kind is None:
        raise Invalid(f"{out.name}: the name ends with one of {', '.join(_KINDS)}.", field="out")
    found = exports.exported(actor, wanted, exports.FileKind(kind))
    with out.open("wb") as target:
        for chunk in found.chunks:
            target.write(chunk)


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(f"{one:g}" for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
