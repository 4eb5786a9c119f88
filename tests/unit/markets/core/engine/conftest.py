"""Each case runs on every engine there is."""

from collections.abc import Callable

import pytest

from sonde.markets.core.engine.reference import Terms
from tests.unit.markets.core.engine.desks import DESKS, Desk


@pytest.fixture(params=sorted(DESKS))
def open_desk(request: pytest.FixtureRequest) -> Callable[[Terms], Desk]:
    """Return what opens an engine on given terms."""
    return DESKS[request.param]
