"""All tabs in their order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sonde.bearings.ui.explorer.settings import BETWEEN, Kind, Said
from sonde.bearings.ui.explorer.tabs import (
    compare,
    distributions,
    matrix,
    overview,
    projection,
    signals,
    spectral,
)
from sonde.bearings.ui.explorer.tabs.tab import Offer, Tab

TABS: Final = (
    overview.TAB,
    spectral.TAB,
    compare.TAB,
    distributions.TAB,
    matrix.TAB,
    projection.TAB,
    signals.TAB,
)
_BY_KEY: Final[Mapping[str, Tab]] = MappingProxyType({one.key: one for one in TABS})


def tab_of(key: str) -> Tab:
    """Return the tab of a key, the first for a key that there is not."""
    return _BY_KEY.get(key, TABS[0])


def defaults(offer: Offer) -> dict[str, Any]:
    """Return what every control says before anything is chosen: the address leaves it out."""
    return {
        tab.key: {one.name: _plain(Said((one,), {}), one.name) for one in tab.settings(offer)}
        for tab in TABS
    }


def _plain(said: Said, name: str) -> str:
    (one,) = said.settings
    if one.kind is Kind.MANY:
        return BETWEEN.join(said.many(name))
    if one.kind is Kind.NUMBER:
        number = said.number(name)
        return "" if number is None else f"{number:g}"
    return said.text(name)
