"""What tests of bearings share: a small folder of recordings with every kind of trouble."""

from pathlib import Path

import numpy as np
import pytest
import scipy.io


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two bearings, a copy, a broken file and a label table."""
    rng = np.random.default_rng(3)
    root = tmp_path / "recordings"
    (root / "faulty").mkdir(parents=True)
    for name in ("one.mat", "faulty/two.mat", "faulty/three.mat"):
        values = {"x": rng.standard_normal(3000), "fs": 12000.0, "rpm": 1500.0}
        scipy.io.savemat(root / name, values)
    (root / "copy.mat").write_bytes((root / "one.mat").read_bytes())
    (root / "broken.mat").write_bytes(b"MATLAB 5.0 MAT-file".ljust(126) + b"IM" + b"\1" * 9)
    (root / "labels.csv").write_text(
        "file;label;bearing\none.mat;normal;A\nfaulty/two.mat;inner race;B\n"
        "faulty/three.mat;inner race;B\n"
    )
    return root
