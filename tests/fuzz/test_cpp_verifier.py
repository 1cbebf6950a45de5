"""The decoder is never laxer than the verifier of the FlatBuffers library."""

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

import wnnx
from tests.fuzz.mutations import mutated
from tests.schema.damage import front_of
from tests.schema.networks import everything
from wnnx.decode import decode
from wnnx.errors import FormatError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VALID = wnnx.to_bytes(everything())


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    if not shutil.which("g++") or not Path("/usr/include/flatbuffers").is_dir():
        pytest.skip("needs g++ and the headers of libflatbuffers-dev")
    folder = tmp_path_factory.mktemp("verifier")
    subprocess.run(["flatc", "--cpp", "-o", folder, ROOT / "schema/wnnx.fbs"], check=True)
    library = folder / "verifier.so"
    subprocess.run(
        ["g++", "-O2", "-shared", "-fPIC", "-I", folder, "-o", library, HERE / "verifier.cpp"],
        check=True,
    )
    return ctypes.CDLL(str(library))


def decodes(metadata: bytes, root: int) -> bool:
    try:
        decode(metadata, root)
    except FormatError:
        return False
    return True


@pytest.mark.flatc
@pytest.mark.slow
def test_what_decodes_is_verified(verifier: ctypes.CDLL) -> None:
    end, root = front_of(VALID).metadata_end, front_of(VALID).root
    assert verifier.verify(VALID[:end], end)
    accepted = refused = 0
    for seed in range(20_000):
        metadata = mutated(VALID, 5_000_000 + seed)[:end]
        if decodes(metadata, root):
            assert verifier.verify(metadata, end), f"seed {seed} is accepted here only"
            accepted += 1
        else:
            refused += not verifier.verify(metadata, end)
    assert accepted > 1000
    assert refused > 1000
