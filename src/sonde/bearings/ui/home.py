"""What bearings put on the home page."""

from collections.abc import Sequence
from typing import Any

from sonde.bearings.core.datasets import Overview
from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.services import datasets
from sonde.bearings.ui.class_figures import class_figure, lying_height
from sonde.platform.core.actor import Actor, Role
from sonde.platform.ui.components import Trend, card, rising, stat_card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.home.cards import HomeCard, HomeSlot, quick_action
from sonde.platform.ui.tables import Column
from sonde.platform.ui.wording import count

_CLASSES = "bearings-home-classes"


def home_cards(actor: Actor) -> Sequence[HomeCard]:
    """Return how many signals and classes there are, and the way to more."""
    overview = datasets.overview(actor)
    cards = [
        HomeCard(HomeSlot.STAT, 10, signals_card(overview)),
        HomeCard(HomeSlot.STAT, 20, classes_card(overview)),
    ]
    if actor.role is not Role.VIEWER:
        cards += [HomeCard(HomeSlot.ACTION, 10 + place, one) for place, one in enumerate(_ways())]
    if overview.classes:
        cards.append(HomeCard(HomeSlot.MAIN, 20, distribution_card(overview)))
    return cards


def signals_card(overview: Overview) -> Any:
    """Return the number of signals and how many are new."""
    new = overview.n_recordings - overview.n_recordings_before
    trend = rising(f"{count(new)} this week") if new > 0 else Trend("none this week")
    return stat_card(
        "Signals",
        count(overview.n_recordings),
        icon_name="tabler:wave-sine",
        trend=trend,
        href="/datasets",
    )


def classes_card(overview: Overview) -> Any:
    """Return the number of fault classes."""
    faults = [label for label, _ in overview.classes if label != "healthy"]
    return stat_card(
        "Fault classes",
        count(len(faults)),
        icon_name="tabler:category",
        trend=Trend(f"in {overview.n_datasets} data set{'' if overview.n_datasets == 1 else 's'}"),
        href="/datasets",
    )


def _ways() -> Sequence[Any]:
    return (
        quick_action(
            "Import recordings",
            "See what was understood of each file first",
            "/datasets/import",
            "tabler:file-import",
        ),
        quick_action(
            "Simulate recordings",
            "Faults that are known, as many as you like",
            "/data-generation",
            "tabler:database-plus",
        ),
    )


def distribution_card(overview: Overview) -> Any:
    """Return how the signals divide into classes."""
    most, number = overview.classes[0]
    share = number / overview.n_recordings
    rows = [(class_title(label), count(each)) for label, each in overview.classes]
    chart = graph(
        class_figure(overview.classes),
        id=_CLASSES,
        name="Signals in each class",
        summary=f"{class_title(most)} is the largest class, {share * 100:.0f} % of the signals.",
        twin=Twin((Column("Class"), Column("Signals", numeric=True)), rows),
        height=lying_height(len(overview.classes)),
    )
    return card(chart, title="Class distribution")
