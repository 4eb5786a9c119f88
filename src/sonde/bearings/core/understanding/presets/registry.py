"""Every preset by its key, and the choice among them."""

from collections.abc import Mapping

from sonde.bearings.core.recordings import FileContent
from sonde.bearings.core.understanding import cwru
from sonde.bearings.core.understanding.presets.femto import FEMTO
from sonde.bearings.core.understanding.presets.ims import IMS
from sonde.bearings.core.understanding.presets.mfpt import MFPT
from sonde.bearings.core.understanding.presets.paderborn import PADERBORN
from sonde.bearings.core.understanding.presets.preset import Parts, Preset
from sonde.bearings.core.understanding.presets.xjtu import XJTU
from sonde.platform.core.errors import Invalid

AUTOMATIC, NONE = "", "none"


def _cwru(path: str, content: FileContent, asked: bool) -> Parts | None:
    del asked
    said = [cwru.said_of(path, record) for record in content.records]
    return list(zip(content.records, said, strict=True)) if any(said) else None


CWRU = Preset(
    "cwru",
    "Case Western Reserve University (CWRU)",
    "6205-2RS",
    "Class, fault size, load and bearing from the public numbering of the files.",
    _cwru,
)
PRESETS: Mapping[str, Preset] = {
    preset.key: preset for preset in (CWRU, MFPT, PADERBORN, IMS, XJTU, FEMTO)
}


def checked_preset(key: str) -> str:
    """Return the key of a preset, in lower case; raises Invalid for an unknown one.

    Examples
    --------
    >>> checked_preset("IMS"), checked_preset("auto"), checked_preset("none")
    ('ims', '', 'none')
    """
    key = key.strip().lower()
    if key in {AUTOMATIC, "auto"}:
        return AUTOMATIC
    if key != NONE and key not in PRESETS:
        known = ", ".join(["auto", NONE, *PRESETS])
        raise Invalid(f"There is no preset {key!r}; there are {known}.", field="preset")
    return key


def parts_of(path: str, content: FileContent, key: str) -> tuple[Parts, str]:
    """Return a file's records with what a preset says of each, and a note about the choice.

    Parameters
    ----------
    path : str
    content : FileContent
    key : str
        A preset that the person named, `NONE`, or empty: the first that recognises the file.

    Returns
    -------
    list of (Record, Said or None), str
    """
    if key in PRESETS:
        found = PRESETS[key].parts(path, content, True)
        if found is None:
            note = f"It does not look like a file of {PRESETS[key].title}."
            return [(record, None) for record in content.records], note
        return found, ""
    if key != NONE:
        for preset in PRESETS.values():
            found = preset.parts(path, content, False)
            if found is not None:
                return found, ""
    return [(record, None) for record in content.records], ""
