"""What a source offers to choose about its data, on the page that starts an experiment."""

from sonde.learning.core.sources import ProblemChoice
from sonde.learning.ui.experiment_new.callbacks import _options
from sonde.learning.ui.experiment_new.layout import Offer, _wanted, data_options

DESCRIBED = {
    "options": [
        {
            "name": "feature_set",
            "title": "Features",
            "help": "For models that eat features.",
            "values": [["", "The source's own"], ["01J", "Best two"]],
        }
    ]
}


def test_the_default_is_chosen_unless_the_address_names_another():
    (plain,) = data_options(DESCRIBED, {})
    (named,) = data_options(DESCRIBED, {"feature_set": "01J"})
    (unknown,) = data_options(DESCRIBED, {"feature_set": "gone"})
    assert (plain.value, named.value, unknown.value) == ("", "01J", "")
    assert data_options({"classes": ["a"]}, {}) == []


def test_defaults_stay_unsaid():
    ids = [{"type": "x", "name": "feature_set"}, {"type": "x", "name": "window"}]
    assert _options(["", "12000"], ids) == {"window": "12000"}


def test_data_is_found_by_its_ref_alone():
    choices = (("datasets", ProblemChoice("01J", "Pumps", 4, 2, ("a", "b"))),)
    for chosen in ({"dataset": "01J"}, {"ref": "01J"}, {"source": "datasets", "ref": "01J"}):
        assert _wanted(Offer(choices, (), (), chosen)) == "datasets|01J"
    assert _wanted(Offer(choices, (), (), {})) == ""
