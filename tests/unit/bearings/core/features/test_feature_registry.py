"""The registry: order, uniqueness, and versions that grow with the code."""

import json

import numpy as np
import pytest

from sonde.bearings.core.features.catalogue import NAMES
from sonde.bearings.core.features.measuring import FAMILIES
from sonde.bearings.core.features.registry import (
    ADVANCED_NAMES,
    DEFAULT_NAMES,
    REGISTRY,
    domains,
    find_feature,
    unit_text,
)
from tests.unit.bearings.core.features.make_golden_features import PATH, values

ORIGINAL = [
    "RMS", "Kurtosis", "Skewness", "CrestFactor", "ShapeFactor", "ImpulseFactor",
    "ClearanceFactor", "DominantFreq", "SpectralCentroid", "SpectralEntropy", "LowBandEnergy",
    "MidBandEnergy", "HighBandEnergy", "VeryHighBandEnergy", "TotalSpectralPower", "SpectralStd",
    "Harmonic2X1X", "Harmonic3X1X", "SpectralPeakiness", "EnvelopeRMS", "EnvelopeKurtosis",
    "EnvelopePeak", "ModulationFreq", "WaveletEnergyRatio", "WaveletKurtosis",
    "WaveletEnergy_D1", "WaveletEnergy_D3", "WaveletEnergy_D5", "CepstralPeakRatio",
    "QuefrencyCentroid", "BispectrumPeak", "BispectrumMean", "BispectrumEntropy",
    "PhaseCoupling", "NonlinearityIndex", "BispectrumPeakRatio",
]  # fmt: skip


def test_acceptance_features_the_36_stand_first_in_the_order_of_the_original():
    assert list(DEFAULT_NAMES) == ORIGINAL == list(NAMES)


def test_acceptance_features_the_16_advanced_and_the_order_and_envelope_ones_follow():
    assert len(ADVANCED_NAMES) == 16
    assert ADVANCED_NAMES[0] == "CWTTotalEnergy"
    assert ADVANCED_NAMES[-1] == "STFTStd"
    rest = {one.name for one in REGISTRY[52:]}
    assert {"Order1X", "OrderSubsync", "EnvelopeBPFO", "Envelope2BSF", "VelocityRMS"} <= rest


def test_every_definition_is_whole_and_unique():
    assert len({one.name for one in REGISTRY}) == len(REGISTRY) == 65
    for one in REGISTRY:
        assert all((one.title, one.domain, one.unit, one.formula, one.source))
        assert one.needs in {"", "speed", "geometry", "unit"}
        assert one.domain in FAMILIES
        assert find_feature(one.name) is one
    assert len(domains(REGISTRY)) == 11
    assert unit_text("x²/Hz", "g") == "(g)²/Hz"


@pytest.fixture(scope="module")
def measured():
    return values()


@pytest.mark.parametrize("definition", REGISTRY, ids=lambda one: one.name)
def test_acceptance_features_a_version_grows_when_its_values_change(definition, measured):
    frozen = json.loads(PATH.read_text())
    assert definition.stamp in frozen, "run make_golden_features.py after raising the version"
    np.testing.assert_allclose(
        measured[definition.name],
        frozen[definition.stamp],
        rtol=1e-5,
        atol=1e-9,
        err_msg=f"{definition.name} changed: raise its version in registry.csv, so that what was "
        "extracted before is computed again",
    )
