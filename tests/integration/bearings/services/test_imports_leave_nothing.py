"""Whatever goes wrong with an import, and whoever asks for it: nothing is left lying."""

import io
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sonde.bearings.services import datasets, import_sweeps, imports
from sonde.bearings.services.imports import ImportWish
from sonde.bearings.services.uploads import Upload
from sonde.bearings.tasks import imports as task
from sonde.platform.core.actor import Role
from sonde.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.work import unit_of_work
from tests.integration.bearings.services.test_imports_service import Run, person, read, stage

pytestmark = pytest.mark.integration


def npy(seed: int = 1) -> bytes:
    content = io.BytesIO()
    np.save(content, np.random.default_rng(seed).standard_normal(2048))
    return content.getvalue()


@pytest.fixture
def ada():
    return person("Ada", Role.ANALYST)


@pytest.mark.parametrize(
    "wish", [ImportWish(""), ImportWish("x", "no such bearing"), ImportWish("x" * 121)]
)
def test_a_bad_wish_stores_no_upload(ports, ada, wish):
    with pytest.raises((Invalid, NotFound)), unit_of_work(ports):
        imports.stage_uploads(ada, wish, [Upload("a.npy", npy())])
    assert list(ports.files.keys("uploads/")) == []


def test_a_bad_label_table_stores_no_upload(ports, ada):
    files = [Upload("a.npy", npy()), Upload("labels.csv", b"nothing\nof use\n")]
    with pytest.raises(Invalid), unit_of_work(ports):
        imports.stage_uploads(ada, ImportWish("Mine"), files)
    assert list(ports.files.keys("uploads/")) == []


def test_streams_are_stored_like_bytes(ports, ada):
    content = npy()
    with unit_of_work(ports):
        staged = imports.stage_uploads(
            ada, ImportWish("Streamed"), [Upload("a.npy", io.BytesIO(content))]
        )
    (key,) = ports.files.keys("uploads/")
    assert ports.files.read(key) == content
    with unit_of_work(ports):
        imports.discard(ada, staged.id)
    assert list(ports.files.keys("uploads/")) == []


def test_leaving_an_import_while_it_is_read_leaves_no_signals(ports, ada):
    with unit_of_work(ports):
        staged = imports.stage_uploads(ada, ImportWish("Left"), [Upload("a.npy", npy())])

    class Leaving(Run):
        def progress(self, phase, fraction, message=""):
            if phase == "Keeping":
                with unit_of_work(ports):
                    imports.discard(ada, staged.id)

    with pytest.raises(NotFound):
        task.run(Leaving(ports, ada), {"import_id": staged.id})
    assert list(ports.files.keys()) == []


def test_stale_imports_are_swept_with_their_files_and_stay_in_the_list(ports, ada, folder):
    admin = replace(ada, role=Role.ADMIN)
    with unit_of_work(ports):
        uploaded = imports.stage_uploads(ada, ImportWish("Stale"), [Upload("a.npy", npy())])
    folder_id = stage(ports, admin, folder, "Stale too")
    read(ports, ada, uploaded.id)
    read(ports, admin, folder_id)
    young = replace_clock(ports, hours=23)
    with unit_of_work(young):
        assert import_sweeps.sweep() == 0
    old = replace_clock(ports, hours=25)
    with unit_of_work(old):
        assert import_sweeps.sweep() == 2
    assert list(ports.files.keys()) == []
    with unit_of_work(ports):
        assert imports.waiting(ada) == ()
        (first, _second) = imports.recent(ada)
        assert first.state == "expired"
        with pytest.raises(Conflict):
            imports.commit(ada, uploaded.id)
    very_old = replace_clock(ports, hours=24 * 40)
    with unit_of_work(very_old):
        import_sweeps.sweep()
    with unit_of_work(ports):
        assert imports.recent(ada) == ()


def test_uploads_that_no_import_speaks_of_are_swept(ports, ada):
    key = f"uploads/{new_id()}"
    ports.files.put(key, b"orphan")
    with unit_of_work(ports):
        import_sweeps.sweep()
    assert ports.files.exists(key)
    with unit_of_work(replace_clock(ports, hours=25)):
        import_sweeps.sweep()
    assert not ports.files.exists(key)


def test_a_viewer_changes_no_import_not_even_an_own_one(ports, ada):
    with unit_of_work(ports):
        staged = imports.stage_uploads(ada, ImportWish("Demoted"), [Upload("a.npy", npy())])
    read(ports, ada, staged.id)
    demoted = replace(ada, role=Role.VIEWER)
    with unit_of_work(ports):
        for change in (
            lambda: imports.correct(demoted, staged.id, {0: {"label": "x"}}),
            lambda: imports.fill(demoted, staged.id, "label", "x"),
            lambda: imports.commit(demoted, staged.id),
            lambda: imports.discard(demoted, staged.id),
        ):
            with pytest.raises(Forbidden):
                change()
        imports.discard(ada, staged.id)
        assert datasets.list_datasets(ada).items == ()


def replace_clock(ports, *, hours: float):
    """Return the same world some hours later."""
    return replace(ports, clock=lambda: ports.clock() + timedelta(hours=hours))
