"""Exporting data sets: every format gives the same data back, to its owner, for a day."""

import io
import json
import zipfile
from datetime import timedelta

import h5py
import numpy as np
import polars as pl
import pytest
import scipy.io
from sqlalchemy import text

from sonde.bearings.core.export.formats import EXPORT_FORMATS
from sonde.bearings.core.recording_query import RecordingQuery
from sonde.bearings.services import datasets, exports, imports, trash
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.uploads import Upload
from sonde.platform.core.errors import Invalid, NotFound
from sonde.platform.core.jobs import JobState
from sonde.platform.persistence.database import session as current_session
from sonde.platform.services import jobs
from sonde.platform.services.work import unit_of_work
from sonde.platform.tasks.running import run_job
from tests.integration.bearings.make_datasets import store

pytestmark = pytest.mark.integration
KEPT = (
    "channels", "n_samples", "sampling_rate_hz", "speed_rpm", "unit", "label", "bearing",
    "lineage", "severity", "session", "fault_size", "fault_position", "load", "content_hash",
    "tacho_channel", "taken_at",
)  # fmt: skip


@pytest.fixture
def ada(people):
    return people("Ada")


def done(ports, actor, job):
    run_job(ports, job.id, "test", end=lambda: None)
    with unit_of_work(ports):
        ended = jobs.get(actor, job.id)
    assert ended.state is JobState.SUCCEEDED, ended.error
    return ended


def exported(ports, actor, dataset, slug, query=None):
    """Export as a worker does; return the export and its bytes."""
    with unit_of_work(ports):
        job = exports.start(actor, dataset.id, slug, query or RecordingQuery())
    done(ports, actor, job)
    with unit_of_work(ports):
        (export, *_) = exports.list_exports(actor, dataset.id)
        return export, exports.local_file(actor, export.id)[1].read_bytes()


def uploads(export, content):
    """Return the files that a person would upload again."""
    if not export.file_name.endswith(".zip"):
        return [Upload(export.file_name, io.BytesIO(content))]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if not name.startswith(".")]
        return [Upload(name, io.BytesIO(archive.read(name))) for name in names]


def imported(ports, actor, name, files):
    """Import files as a worker and a person do."""
    with unit_of_work(ports):
        staged = imports.stage_uploads(actor, ImportWish(name, "6205-2RS"), files)
    with ports.database.transaction():
        session = current_session()
        waiting = list(session.scalars(text("select id from jobs where state = 'queued'")))
    for job_id in waiting:
        run_job(ports, job_id, "test", end=lambda: None)
    with unit_of_work(ports):
        seen = imports.get(actor, staged.id)
        assert [row.refused for row in seen.rows if not row.goes_in] == []
        return imports.commit(actor, staged.id)


def facts_of(ports, actor, dataset):
    """Return what is stored of each recording, and its bytes, by content."""
    with unit_of_work(ports):
        found = {}
        with h5py.File(datasets.signal_file(dataset)) as file:
            for one in datasets.recordings(actor, dataset.id):
                samples = np.asarray(file[one.signal_path]).tobytes()
                facts = {name: getattr(one, name) for name in KEPT}
                found[one.content_hash] = (samples, facts, dict(one.conditions))
        return found


@pytest.mark.parametrize("slug", list(EXPORT_FORMATS))
def test_acceptance_manage_an_export_gives_the_same_data_back(ports, ada, slug):
    with unit_of_work(ports):
        dataset = store(ada, f"Source {slug}", 8, seed=3)
    export, content = exported(ports, ada, dataset, slug)
    again = imported(ports, ada, f"Back {slug}", uploads(export, content))
    before, after = facts_of(ports, ada, dataset), facts_of(ports, ada, again)
    assert before.keys() == after.keys()
    for key, (samples, facts, conditions) in before.items():
        assert after[key][0] == samples
        assert after[key][1] == facts
        if slug != "csv":
            assert after[key][2] == conditions
    if slug != "csv":
        assert again.content_hash == dataset.content_hash


def test_exports_hold_what_other_programs_read(ports, ada, tmp_path):
    with unit_of_work(ports):
        dataset = store(ada, "For others", 6, seed=4)
        first = datasets.recordings(ada, dataset.id)[0]
        samples = datasets.read_samples(ada, first.id)
    written = {slug: exported(ports, ada, dataset, slug)[1] for slug in EXPORT_FORMATS}
    with h5py.File(io.BytesIO(written["hdf5"])) as file:
        np.testing.assert_array_equal(file["r000001"][0], samples)
        assert file["r000001"].attrs["label"] == first.label
        assert json.loads(file["sonde_manifest"][()])["name"] == "For others"
    struct = scipy.io.loadmat(io.BytesIO(written["mat"]), simplify_cells=True)["r000001"]
    np.testing.assert_array_equal(struct["samples"][:, 0], samples)
    assert (struct["label"], struct["sampling_rate_hz"]) == (first.label, 12000.0)
    with np.load(io.BytesIO(written["npz"])) as arrays:
        np.testing.assert_array_equal(arrays["r000001"][0], samples)
        manifest = json.loads(bytes(arrays["sonde_manifest"]))
        assert manifest["recordings"]["r000001"]["bearing"] == first.bearing
    frame = pl.read_parquet(io.BytesIO(written["parquet"]))
    rows = frame.filter(pl.col("recording") == 1)
    np.testing.assert_array_equal(rows["channel_1"].to_numpy(), samples)
    with zipfile.ZipFile(io.BytesIO(written["csv"])) as archive:
        table = pl.read_csv(archive.read("r000001.csv"), schema_overrides={"DE": pl.Float32})
        np.testing.assert_array_equal(table["DE"].to_numpy(), samples)
        labels = pl.read_csv(archive.read("labels.csv"))
        assert labels["label"].to_list()[:2] == ["healthy", "inner"]


def test_a_part_can_be_exported_and_a_file_has_an_honest_name(ports, ada):
    with unit_of_work(ports):
        dataset = store(ada, "Größe: ü/€", 9)
    query = RecordingQuery(labels=("inner",))
    export, content = exported(ports, ada, dataset, "npz", query)
    with np.load(io.BytesIO(content)) as arrays:
        assert len(arrays.files) == 4
    assert export.file_name == "Größe ü.npz"
    with unit_of_work(ports):
        with pytest.raises(Invalid):
            exports.start(ada, dataset.id, "docx")
        with pytest.raises(Invalid):
            exports.start(ada, dataset.id, "npz", RecordingQuery(labels=("none",)))


def test_acceptance_manage_a_file_is_its_owners_for_a_day(ports, ada, people):
    with unit_of_work(ports):
        dataset = store(ada, "For a day", 3)
    export, _ = exported(ports, ada, dataset, "hdf5")
    colleague = people("Colleague", workspace_id=ada.workspace_id)
    with unit_of_work(ports):
        for who in (people("Stranger"), colleague):
            with pytest.raises(NotFound):
                exports.get(who, export.id)
    assert export.expires_at - export.created_at == timedelta(days=1)
    with ports.database.transaction():
        session = current_session()
        session.execute(
            text("update bearings_exports set expires_at = :at where id = :id"),
            {"at": ports.clock() - timedelta(seconds=1), "id": export.id},
        )
    with unit_of_work(ports):
        with pytest.raises(NotFound, match="its day is over"):
            exports.get(ada, export.id)
        assert exports.list_exports(ada, dataset.id) == ()
        assert exports.sweep() == 1
    assert not ports.files.exists(export.file_key)


def test_what_is_removed_early_is_gone(ports, ada):
    with unit_of_work(ports):
        dataset = store(ada, "Removed", 3)
    export, _ = exported(ports, ada, dataset, "npz")
    with unit_of_work(ports):
        exports.remove(ada, export.id)
    assert not ports.files.exists(export.file_key)
    with unit_of_work(ports):
        trash.delete(ada, dataset.id)
        with pytest.raises(NotFound):
            exports.start(ada, dataset.id, "npz")
