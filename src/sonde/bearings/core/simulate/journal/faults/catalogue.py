"""Which signature belongs to which class."""

from collections.abc import Mapping
from types import MappingProxyType

from sonde.bearings.core.simulate.journal.faults.cavitation import cavitation
from sonde.bearings.core.simulate.journal.faults.clearance import clearance
from sonde.bearings.core.simulate.journal.faults.healthy import healthy
from sonde.bearings.core.simulate.journal.faults.imbalance import imbalance
from sonde.bearings.core.simulate.journal.faults.lubrication import lubrication
from sonde.bearings.core.simulate.journal.faults.misalignment import misalignment
from sonde.bearings.core.simulate.journal.faults.mixed import Signature, both
from sonde.bearings.core.simulate.journal.faults.oil_whirl import oil_whirl
from sonde.bearings.core.simulate.journal.faults.wear import wear

SIGNATURES: Mapping[str, Signature] = MappingProxyType(
    {
        "healthy": healthy,
        "misalignment": misalignment,
        "imbalance": imbalance,
        "clearance": clearance,
        "lubrication": lubrication,
        "cavitation": cavitation,
        "wear": wear,
        "oil_whirl": oil_whirl,
        "misalignment_imbalance": both(misalignment, imbalance),
        "wear_lubrication": both(wear, lubrication),
        "cavitation_clearance": both(cavitation, clearance),
    }
)
