"""Distributions: how one feature is spread in each class."""

from typing import Any

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.features.distribution import ClassSpread
from sonde.bearings.core.features.registry import unit_text
from sonde.bearings.services.explorer import looking
from sonde.bearings.ui.explorer.figures.spread import box_figure, histogram_figure, violin_figure
from sonde.bearings.ui.explorer.ids import chart_id
from sonde.bearings.ui.explorer.settings import Kind, Said, Setting
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, refusal
from sonde.platform.core.actor import Actor
from sonde.platform.ui.components import card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import count


def settings(offer: Offer) -> tuple[Setting, ...]:
    """Return what can be chosen."""
    styles = (("box", "Box"), ("violin", "Violin"))
    classes = (("", "none"), *offer.classes)
    return (
        Setting("feature", "Feature", Kind.LIST, offer.first("RMS"), offer.figures),
        Setting("style", "Show", Kind.SWITCH, "box", styles),
        Setting("of", "Histogram of", Kind.LIST, "", classes),
    )


def draw(actor: Actor, state: ExplorerState, said: Said, offer: Offer) -> Drawn:
    """Return boxes or violins, and the histogram of the class that was clicked."""
    name, label = said.text("feature"), said.text("of")
    found = looking.spread(actor, state.dataset_id, state.wanted, name)
    places = {label: at for at, label in enumerate(offer.labels)}
    spreads = tuple(sorted(found, key=lambda one: places.get(one.label, 0)))
    if not spreads:
        return refusal("This feature cannot be had of the signals that the filter keeps.")
    title = _title(offer, name)
    parts = [_spread(spreads, title, is_box=said.text("style") == "box")]
    if label in {one.label for one in spreads}:
        parts.append(_histogram(actor, state, (name, label), title))
    return Drawn(parts)


def _title(offer: Offer, name: str) -> str:
    found = next(one for one in offer.features if one.name == name)
    unit = unit_text(found.unit, offer.unit or "unknown")
    return f"{found.title}, {unit}" if unit else found.title


def _spread(spreads: tuple[ClassSpread, ...], title: str, *, is_box: bool) -> Any:
    highest = max(spreads, key=lambda one: one.median)
    figure = box_figure(spreads, title) if is_box else violin_figure(spreads, title)
    columns = ("Signals", "Lowest", "First quartile", "Median", "Third quartile", "Highest")
    chart = graph(
        figure,
        id=chart_id("spread"),
        name=f"{title} in each class",
        summary=f"{class_title(highest.label)} has the highest median, {highest.median:.4g}. Click "
        "a class for its histogram.",
        twin=Twin(
            (Column("Class"), *(Column(one, numeric=True) for one in columns)),
            [
                (
                    class_title(one.label),
                    count(one.n),
                    *(f"{value:.4g}" for value in (one.low, one.q1, one.median, one.q3, one.high)),
                )
                for one in spreads
            ],
        ),
        height=110 + 32 * len(spreads),
    )
    words = "Whiskers end at the last value within 1.5 times the distance of the quartiles."
    return card(chart, title=f"{title} in each class", description=words if is_box else "")


def _histogram(actor: Actor, state: ExplorerState, which: tuple[str, str], title: str) -> Any:
    name, label = which
    found = looking.histogram(actor, state.dataset_id, state.wanted, name, label)
    everybody = looking.histogram(actor, state.dataset_id, state.wanted, name)
    rows = [
        (f"{low:.4g} to {high:.4g}", count(int(number)))
        for low, high, number in zip(found.edges[:-1], found.edges[1:], found.counts, strict=True)
    ]
    chart = graph(
        histogram_figure(found, everybody, label, title),
        id=chart_id("histogram"),
        name=f"Histogram of {title}",
        summary=f"{count(int(found.counts.sum()))} signals of class {class_title(label)}, in front "
        "of all that the filter keeps.",
        twin=Twin((Column(title), Column("Signals", numeric=True)), rows),
        height=300,
    )
    return card(chart, title=f"{class_title(label)}: {title}")


TAB = Tab("distributions", "Distributions", settings, draw, needs_features=True)
