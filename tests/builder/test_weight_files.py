"""Weights from the files of numpy and safetensors: the right numbers, or one clear line."""

import json
import struct
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnbuilder.weights import from_npy, from_npz, from_numpy_bin, from_safetensors
from tests.builder.weight_checks import LARGE, check, fails, is_mapped, numbers
from wnnx.errors import DTypeError, FileMissingError, WeightError, WnnxError
from wnnx.graph import Constant
from wnnx.types import DTYPES, Array

Reader = Callable[[Path], Any]


def from_bin(path: Path) -> Constant:
    """Read raw numbers of one shape, as the other readers need none."""
    return from_numpy_bin(path, (2, 3))


READERS: list[Reader] = [from_bin, from_npy, from_npz, from_safetensors]


@pytest.mark.parametrize("read", READERS)
def test_missing_file_names_similar_ones(tmp_path: Path, read: Reader) -> None:
    (tmp_path / "fc0_weight.bin").write_bytes(b"")
    message = fails(FileMissingError, lambda: read(tmp_path / "fc0.weight.bin"))
    expected = f"no such file: {tmp_path / 'fc0.weight.bin'}; did you mean 'fc0_weight.bin'?"
    assert message == expected
    message = fails(FileMissingError, lambda: read(tmp_path / "no" / "w.bin"))
    assert f"there is no folder {tmp_path / 'no'} either" in message
    assert isinstance(FileMissingError(""), FileNotFoundError)


@pytest.mark.parametrize("read", READERS)
def test_folder_is_no_weight_file(tmp_path: Path, read: Reader) -> None:
    assert fails(WeightError, lambda: read(tmp_path)).startswith(f"{tmp_path} is a folder")


@pytest.mark.parametrize("read", READERS[1:])
@pytest.mark.parametrize("content", [b"", b"GIF89a", bytes(100), b"\x93NUMPY", b"PK\x03\x04"])
def test_foreign_file_is_one_line(tmp_path: Path, read: Reader, content: bytes) -> None:
    path = tmp_path / "w"
    path.write_bytes(content)
    assert fails(WeightError, lambda: read(path)).startswith(str(path))


@pytest.mark.parametrize(
    "array",
    [
        numbers((2, 3), "float32"),
        np.asfortranarray(numbers((2, 3), "int64")),
        numbers((2, 3), "float64").astype(">f8"),
        numbers((), "bool"),
        numbers((0, 4), "float16"),
        numbers(LARGE, "float32"),
        np.asfortranarray(numbers(LARGE, "float32")),
        numbers(LARGE, "float32").astype(">f4"),
        numbers((0, *LARGE), "float32"),
    ],
)
def test_npy(tmp_path: Path, array: Array) -> None:
    np.save(tmp_path / "w.npy", array)
    expected = array.astype(array.dtype.newbyteorder("="))
    check(from_npy(tmp_path / "w.npy", name="w"), expected, "w")


def test_large_npy_is_mapped(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", numbers(LARGE, "float32"))
    assert is_mapped(from_npy(tmp_path / "w.npy").array)


def test_npy_and_npz_taken_for_each_other(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", numbers((2, 3), "float32"))
    np.savez(tmp_path / "w.npz", a=numbers((2, 3), "float32"))
    assert "use nn.from_npz" in fails(WeightError, lambda: from_npy(tmp_path / "w.npz"))
    assert "use nn.from_npy" in fails(WeightError, lambda: from_npz(tmp_path / "w.npy"))


def test_python_objects_are_refused(tmp_path: Path) -> None:
    objects = np.array([{}], dtype=object)
    np.save(tmp_path / "w.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "w.npz", objects, allow_pickle=True)
    assert "allow_pickle=False" in fails(WeightError, lambda: from_npy(tmp_path / "w.npy"))
    assert "allow_pickle=False" in fails(WeightError, lambda: from_npz(tmp_path / "w.npz"))


def test_dtype_that_the_format_lacks_is_named(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.zeros(3, np.complex128))
    message = fails(DTypeError, lambda: from_npy(tmp_path / "w.npy"))
    assert message.startswith(f"{tmp_path / 'w.npy'}: unknown dtype 'complex128'")
    np.savez(tmp_path / "w.npz", a=np.zeros(3), b=np.array(["text"]))
    message = fails(DTypeError, lambda: from_npz(tmp_path / "w.npz"))
    assert message.startswith(f'{tmp_path / "w.npz"}: "b": unknown dtype \'str')


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(tmp_path: Path, save: Callable[..., None]) -> None:
    arrays = {
        "fc.weight": numbers((2, 3), "float32"),
        "fc.bias": np.asfortranarray(numbers((4, 5), "float64")),
        "count": numbers((), "int64"),
        "none": numbers((0, 2), "float32"),
    }
    save(tmp_path / "w.npz", **arrays)
    found = from_npz(tmp_path / "w.npz")
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        check(found[name], array, name)


def test_npz_of_nothing(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz")
    assert from_npz(tmp_path / "w.npz") == {}


def test_npz_with_a_member_that_is_no_array(tmp_path: Path) -> None:
    from zipfile import ZipFile

    with ZipFile(tmp_path / "w.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    message = fails(WeightError, lambda: from_npz(tmp_path / "w.npz"))
    assert message == f'{tmp_path / "w.npz"}: its member "readme.txt" is no array'


def save_tensors(arrays: dict[str, Array], path: Path) -> None:
    import_module("safetensors.numpy").save_file(arrays, path)


def test_safetensors(tmp_path: Path) -> None:
    arrays = {dtype: numbers((2, 3), dtype) for dtype in DTYPES}
    arrays |= {"scalar": numbers((), "float32"), "none": numbers((0, 2), "float32")}
    save_tensors(arrays, tmp_path / "w.safetensors")
    found = from_safetensors(tmp_path / "w.safetensors")
    assert sorted(found) == sorted(arrays)
    for name, array in arrays.items():
        check(found[name], array, name)


def test_safetensors_of_a_dtype_that_the_format_lacks(tmp_path: Path) -> None:
    header = json.dumps({"w": {"dtype": "F8_E5M2", "shape": [1], "data_offsets": [0, 1]}})
    content = struct.pack("<Q", len(header)) + header.encode() + b"\0"
    (tmp_path / "w.safetensors").write_bytes(content)
    message = fails(DTypeError, lambda: from_safetensors(tmp_path / "w.safetensors"))
    assert message.startswith(f'{tmp_path / "w.safetensors"}: "w" is F8_E5M2; known are F16')


@pytest.mark.parametrize("package", ["safetensors", "ml_dtypes"])
def test_safetensors_without_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    (tmp_path / "w.safetensors").write_bytes(b"")
    monkeypatch.setitem(sys.modules, package, None)
    message = fails(WeightError, lambda: from_safetensors(tmp_path / "w.safetensors"))
    assert package in message
    assert "pip install 'nnbuilder[safetensors]'" in message


def small_files(folder: Path) -> dict[Reader, bytes]:
    """Return a small whole file for every reader that can tell that one is not whole."""
    array = numbers((2, 3), "float32")
    np.save(folder / "w.npy", array)
    np.savez(folder / "w.npz", a=array)
    save_tensors({"a": array}, folder / "w.safetensors")
    names: dict[Reader, str] = {
        from_npy: "w.npy",
        from_npz: "w.npz",
        from_safetensors: "w.safetensors",
    }
    return {read: (folder / name).read_bytes() for read, name in names.items()}


def test_truncated_file_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "w"
    for read, content in small_files(tmp_path).items():
        for length in range(len(content)):
            path.write_bytes(content[:length])
            message = fails(WeightError, lambda read=read: read(path))  # type: ignore[misc]
            assert message.startswith(str(path))


def test_large_truncated_npy_is_one_line(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", numbers(LARGE, "float32"))
    content = (tmp_path / "w.npy").read_bytes()
    (tmp_path / "w.npy").write_bytes(content[:-1])
    assert "cannot be read as a .npy file" in fails(
        WeightError, lambda: from_npy(tmp_path / "w.npy")
    )


def test_damaged_file_is_read_or_refused(tmp_path: Path) -> None:
    """Whatever byte is wrong, nothing but an error of ours comes out, and no pickle runs."""
    path = tmp_path / "w"
    random = np.random.default_rng(0)
    refused = 0
    for read, content in small_files(tmp_path).items():
        for position in range(len(content)):
            damaged = bytearray(content)
            damaged[position] = random.integers(256)
            path.write_bytes(damaged)
            try:
                read(path)
            except WnnxError:
                refused += 1
    assert refused > 100
