"""Words at rest are read by nobody who has only the database."""

import pytest

from bot.sealing import Broken, Seal

SECRET = b"a secret of the tests"


def test_what_is_sealed_is_opened_again_and_looks_like_nothing() -> None:
    seal = Seal(SECRET)
    said = "necesito hablar con alguien ☎"
    sealed = seal.seal(said)
    assert b"hablar" not in sealed
    assert seal.open(sealed) == said
    assert sealed != seal.seal(said)


def test_another_secret_or_a_changed_byte_opens_nothing() -> None:
    sealed = Seal(SECRET).seal("xyzzy")
    for seal, blob in ((Seal(b"another secret of tests"), sealed), (Seal(SECRET), sealed[:-2])):
        with pytest.raises(Broken) as caught:
            seal.open(blob)
        assert "xyzzy" not in str(caught.value)
