"""Samples that were learned from lead to their stretch in the signal viewer."""

from sonde.bearings.core.cutting import Cut
from sonde.bearings.core.datasets import StoredRecording
from sonde.bearings.core.sample_links import learned_name, sample_links

RECORDING = StoredRecording(
    id="01J",
    dataset_id="d",
    file="105.mat",
    signal_path="/signals/105",
    channels=("DE",),
    n_samples=48_000,
    sampling_rate_hz=48_000.0,
    speed_rpm=1797.0,
    label="inner",
    bearing="b",
    lineage="CWRU 105",
    content_hash="1",
)


def test_a_sample_leads_to_its_stretch_in_seconds_at_the_rate_of_the_cut() -> None:
    cut = Cut(12_000.0, 6000, 6000, "DE")
    assert learned_name(RECORDING) == "CWRU 105"
    found = sample_links([RECORDING], cut, [("CWRU 105", 6000, 12_000), ("CWRU 9", 0, 6000)])
    assert found == ("/signal-viewer/01J?from=0.5&to=1", "")
