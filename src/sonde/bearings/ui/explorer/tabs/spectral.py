"""Spectral: the mean spectrum of each class and its spread."""

from dataclasses import replace
from typing import Any

import numpy as np

from sonde.bearings.core.class_spectra import ClassSpectra, ClassSpectraSettings, SpectrumKind
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.services.explorer import spectra
from sonde.bearings.ui.explorer.figures.spectra import MOST_BANDS, spectra_figure
from sonde.bearings.ui.explorer.ids import chart_id
from sonde.bearings.ui.explorer.settings import Kind, Said, Setting
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, on_its_way, refusal
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column

_WORDS = {
    SpectrumKind.PSD: "Power spectral density",
    SpectrumKind.ENVELOPE: "Squared envelope spectrum",
    SpectrumKind.CEPSTRUM: "Real cepstrum",
}


def settings(offer: Offer) -> tuple[Setting, ...]:
    """Return what can be chosen."""
    kinds = (("psd", "PSD"), ("envelope", "Envelope"), ("cepstrum", "Cepstrum"))
    numbers = tuple((str(one), str(one)) for one in (6, 12, 24, 48))
    return (
        Setting("kind", "Show", Kind.SWITCH, "psd", kinds),
        Setting("scale", "Scale", Kind.SWITCH, "log", (("log", "Log"), ("linear", "Linear"))),
        Setting("per", "Signals per class", Kind.LIST, "12", numbers),
        Setting("top", "Up to, Hz or ms", Kind.NUMBER, low=0.1, hint="all"),
        Setting("low", "Envelope from, Hz", Kind.NUMBER, low=0, hint="5 % of rate"),
        Setting("high", "Envelope to, Hz", Kind.NUMBER, low=1, hint="45 % of rate"),
        Setting("draw", "Draw", Kind.MANY, choices=offer.classes, hint="all classes"),
    )


def draw(actor: Actor, state: ExplorerState, said: Said, offer: Offer) -> Drawn:
    """Return the chart of class spectra, or the job that reads the signals."""
    found = spectra.look_or_start(actor, state.dataset_id, state.wanted, _wish(said))
    if isinstance(found, Job):
        return on_its_way(found, "The signals are read by a job; the answer is kept for a week.")
    drawn = said.many("draw")
    shown = tuple(one for one in found.classes if not drawn or one.label in drawn)
    if not shown:
        return refusal("None of the chosen classes is among what the filter keeps.")
    return Drawn([_chart(replace(found, classes=shown), said, offer)])


def _wish(said: Said) -> ClassSpectraSettings:
    kind = SpectrumKind(said.text("kind"))
    top, low, high = (said.number(name) for name in ("top", "low", "high"))
    band = None
    if kind is SpectrumKind.ENVELOPE and (low is not None or high is not None):
        if low is None or high is None:
            raise Invalid("Give both ends of the envelope's band, or neither.", field="band")
        band = (low, high)
    scale = 1000 if kind is SpectrumKind.CEPSTRUM else 1
    return ClassSpectraSettings(
        kind=kind, top=(top or 0.0) / scale, band=band, per_class=int(said.text("per"))
    )


def _chart(found: ClassSpectra, said: Said, offer: Offer) -> Any:
    figure = spectra_figure(found, logarithmic=said.text("scale") == "log", unit=offer.unit)
    figure.layout.uirevision = found.kind.value
    chart = graph(
        figure,
        id=chart_id("spectra"),
        name=f"{_WORDS[found.kind]} of each class",
        summary=_summary(found),
        twin=_twin(found),
        height=480,
    )
    return card(chart, title=f"{_WORDS[found.kind]} of each class")


def _summary(found: ClassSpectra) -> str:
    number = sum(one.n for one in found.classes)
    words = f"Means over {number} signals of {len(found.classes)} classes"
    if len(found.classes) <= MOST_BANDS:
        words += "; the bands hold the middle 80 per cent of the signals of a class"
    else:
        words += f"; draw at most {MOST_BANDS} classes to see how far their signals spread"
    short = f" {found.n_short} signals are too short." if found.n_short else ""
    return f"{words}.{short}"


def _twin(found: ClassSpectra) -> Twin:
    is_time = found.kind is SpectrumKind.CEPSTRUM
    axis = found.axis * (1000 if is_time else 1)
    unit = "ms" if is_time else "Hz"
    rows = []
    for one in found.classes:
        place = int(np.nan_to_num(one.mean, nan=-np.inf).argmax())
        spread = f"{one.low[place]:.3g} to {one.high[place]:.3g}"
        height = f"{one.mean[place]:.3g}"
        rows.append((class_title(one.label), one.n, f"{axis[place]:,.2f}", height, spread))
    titles = ("Signals", f"Highest at, {unit}", "Height", "10 to 90 % there")
    return Twin((Column("Class"), *(Column(one, numeric=True) for one in titles)), rows)


TAB = Tab("spectral", "Spectra", settings, draw)
