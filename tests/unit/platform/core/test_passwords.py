"""Promise 13: how passwords are kept and which are accepted."""

import pytest

from sonde.platform.core import passwords
from sonde.platform.core.errors import Invalid
from sonde.platform.core.passwords import check_password, hash_password, verify_password


def test_check_13_argon2id_with_at_least_the_parameters_of_the_promise():
    kind, _, parameters = hash_password("a rather long sentence").split("$")[1:4]
    chosen = dict(part.split("=") for part in parameters.split(","))
    assert kind == "argon2id"
    assert int(chosen["m"]) >= 19_456
    assert int(chosen["t"]) >= 2
    assert int(chosen["p"]) >= 1


def test_check_13_nothing_is_cut_off():
    stem = "x" * 72
    hashed = hash_password(stem + "a")
    assert verify_password(stem + "a", hashed)
    assert not verify_password(stem + "b", hashed)
    assert not verify_password(stem, hashed)


@pytest.mark.parametrize(
    "password", ["correct horse", "x7" * 500, "пароль с пробелом", "        8"]
)
def test_check_13_no_rules_of_composition(password):
    check_password(password)


REFUSED = ["", "seven77", "password", "PASSWORD", "12345678", "qwertyuiop", "x" * 1025]


@pytest.mark.parametrize("password", REFUSED)
def test_check_13_short_endless_and_common_ones_are_refused(password):
    with pytest.raises(Invalid) as caught:
        check_password(password)
    assert caught.value.details["field"] == "password"


def test_check_13_the_list_holds_more_than_the_top_3000():
    assert len(passwords._common()) >= 3000


def test_a_missing_account_takes_the_same_work():
    assert not verify_password("whatever", None)
