"""Damaged files: a typed error or a valid network, in bounded time and memory."""

import random
import sys
import tracemalloc
from contextlib import suppress

import pytest

import wnnx
from tests.fuzz.mutations import mutated
from tests.schema.damage import front_of, sealed
from tests.schema.networks import described, everything
from wnnx.errors import WnnxError

VALID = wnnx.to_bytes(everything())


def outcome(data: bytes) -> bool:
    """Load a file; return whether it opened. Any error but ours is a failure.

    What opens can be described, saved and opened again as the same network.
    """
    try:
        graph = wnnx.from_bytes(data)
    except WnnxError:
        return False
    again = wnnx.from_bytes(wnnx.to_bytes(graph))
    assert described(again) == described(graph)
    return True


@pytest.mark.parametrize("part", range(6))
def test_damaged_metadata(part: int) -> None:
    opened = sum(outcome(mutated(VALID, 500 * part + i)) for i in range(500))
    assert 5 < opened < 400  # some damage is harmless, most is found


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_much_damaged_metadata(part: int) -> None:
    for i in range(2500):
        outcome(mutated(VALID, 1_000_000 + 2500 * part + i))


def test_damage_to_any_byte_without_new_checksums_is_found() -> None:
    rng = random.Random(0)
    for at in range(0, len(VALID), 3):
        damaged = bytearray(VALID)
        damaged[at] ^= rng.randrange(1, 256)
        with pytest.raises(WnnxError):
            wnnx.from_bytes(bytes(damaged))


def test_random_metadata_is_refused_at_once() -> None:
    rng = random.Random(1)
    end = front_of(VALID).metadata_end
    for _ in range(300):
        data = VALID[:64] + rng.randbytes(end - 64) + VALID[end:]
        with pytest.raises(WnnxError):
            wnnx.from_bytes(sealed(data))


def test_memory_is_bounded_by_the_size_of_the_file() -> None:
    for seed in range(150):
        data = mutated(VALID, seed)
        tracemalloc.start()
        try:
            with suppress(WnnxError):
                wnnx.from_bytes(data)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 100 * len(data) + 1_000_000


def test_work_is_bounded_by_the_size_of_the_file() -> None:
    """Work is counted in calls, of Python's functions and of C's, not in seconds."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    for seed in range(300):
        data = mutated(VALID, seed)
        calls = 0
        sys.setprofile(count)
        try:
            with suppress(WnnxError):
                wnnx.from_bytes(data)
        finally:
            sys.setprofile(None)
        assert calls < 4 * len(data)
