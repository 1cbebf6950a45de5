"""Weights from memory and from raw files: the right numbers, or one clear line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnbuilder.weights import constant, from_numpy_bin
from tests.builder.weight_checks import LARGE, check, fails, is_mapped, numbers
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WeightError, WnnxError
from wnnx.types import DTYPES, Array, item_size


@pytest.mark.parametrize("dtype", DTYPES)
def test_constant_keeps_the_dtype_of_an_array(dtype: str) -> None:
    array = numbers((3, 4), dtype)
    check(constant(array, name="w"), array, "w")


def test_constant_is_a_copy() -> None:
    array = numbers((3,), "float32")
    found = constant(array)
    array[0] = 99
    np.testing.assert_array_equal(found.array, np.array([-2, -1, 0], np.float32))


def test_constant_takes_a_read_only_array_as_it_is() -> None:
    array = numbers((3,), "float32")
    array.flags.writeable = False
    assert constant(array).array is array


@pytest.mark.parametrize(
    "array",
    [
        numbers((3, 4), "float32").T,
        numbers((6, 8), "int16")[::2, ::3],
        numbers((3, 4), "float64").astype(">f8"),
        np.frombuffer(b"\0" + numbers((5,), "float32").tobytes(), np.float32, offset=1),
        np.array(7, np.int32),
        np.float64(0.1),
        np.zeros((0, 4), np.float32),
    ],
    ids=["transposed", "strided", "big-endian", "unaligned", "0-d", "numpy scalar", "empty"],
)
def test_constant_of_any_memory_layout(array: Any) -> None:
    expected = np.array(array, dtype=array.dtype.newbyteorder("="))
    check(constant(array), expected)
    if array.ndim:
        array.flags.writeable = False
        check(constant(array), expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0.1, np.array(0.1, np.float32)),
        (3, np.array(3, np.int64)),
        (True, np.array(object=True)),
        ([1, -2], np.array([1, -2], np.int64)),
        ([[1, 2.5]], np.array([[1, 2.5]], np.float32)),
        ((True, False), np.array([True, False])),
        ([], np.zeros(0, np.float32)),
        (float("-inf"), np.array(-np.inf, np.float32)),
        (2**63, np.array(2**63, np.uint64)),
    ],
    ids=str,
)
def test_constant_of_python_numbers(given: Any, expected: Array) -> None:
    check(constant(given), expected)


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (np.zeros(2, np.complex64), DTypeError, "unknown dtype 'complex64'"),
        (["a"], DTypeError, "unknown dtype 'str"),
        (np.array("a"), DTypeError, "unknown dtype 'str"),
        (None, DTypeError, "unknown dtype 'object'"),
        (2**70, DTypeError, "unknown dtype 'object'"),
        ([[1, 2], [3]], ShapeError, "unequal lengths"),
        (np.zeros((1,) * 9), ShapeError, "9 axes"),
        ([1.0, -1e300], ArgumentError, "-1e+300 is beyond float32's range"),
    ],
    ids=str,
)
def test_constant_of_what_is_none(given: Any, kind: type[WnnxError], message: str) -> None:
    assert message in fails(kind, lambda: constant(given))


@pytest.mark.torch
def test_constant_of_a_pytorch_tensor() -> None:
    import torch

    tensor = torch.arange(6, dtype=torch.float64).reshape(2, 3)
    check(constant(tensor), np.arange(6.0).reshape(2, 3))
    message = fails(ArgumentError, lambda: constant(tensor.requires_grad_()))
    assert "detach" in message


@pytest.mark.parametrize("byte_order", ["little", "big"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_raw_file_of_any_dtype_and_byte_order(
    tmp_path: Path, dtype: str, byte_order: Any
) -> None:
    array = numbers((3, 4), dtype)
    words = array.view(f"u{item_size(dtype)}")
    sign = "<" if byte_order == "little" else ">"
    words.astype(f"{sign}u{item_size(dtype)}").tofile(tmp_path / "w.bin")
    found = from_numpy_bin(tmp_path / "w.bin", (3, 4), dtype, byte_order=byte_order, name="w")
    check(found, array, "w")


@pytest.mark.parametrize("offset", [0, 8, 3])
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 4), LARGE, (0, *LARGE)])
def test_raw_file_after_an_offset(tmp_path: Path, shape: tuple[int, ...], offset: int) -> None:
    array = numbers(shape, "float32")
    (tmp_path / "w.bin").write_bytes(b"\xff" * offset + array.tobytes())
    check(from_numpy_bin(str(tmp_path / "w.bin"), shape, offset=offset), array)


def test_large_raw_file_is_mapped_and_a_small_one_read(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    numbers(LARGE, "float32").tofile(path)
    assert is_mapped(from_numpy_bin(path, LARGE).array)
    small = numbers((2, 3), "float32")
    small.tofile(path)
    found = from_numpy_bin(path, [2, np.int64(3)])  # type: ignore[list-item]
    path.write_bytes(b"")
    assert not is_mapped(found.array)
    check(found, small)


@pytest.mark.parametrize(
    ("content", "dtype", "offset", "message"),
    [
        (bytes(160), "float32", 0, "found 160 bytes, but float32 (12, 4) takes 192; "
         "it holds 40 float32 numbers, the shape 48"),
        (bytes(96), "float32", 0, "found 96 bytes, but float32 (12, 4) takes 192; "
         "it holds 24 float32 numbers, the shape 48; "
         "the shape would fit as float16 or bfloat16"),
        (bytes(392), "float32", 8, "found 384 bytes after offset 8, but float32 (12, 4) takes "
         "192; it holds 96 float32 numbers, the shape 48; the shape would fit as float64"),
        (bytes(48), "float32", 0, "found 48 bytes, but float32 (12, 4) takes 192; it holds 12 "
         "float32 numbers, the shape 48; the shape would fit as int8 or uint8 or bool"),
        (bytes(202), "float32", 2, "found 200 bytes after offset 2, but float32 (12, 4) takes "
         "192; it holds 50 float32 numbers, the shape 48; it is 8 bytes too long: if these "
         "are a header, offset=10 passes over it"),
        (bytes(191), "float32", 0, "found 191 bytes, but float32 (12, 4) takes 192"),
        (bytes(5), "int8", 9, "has 5 bytes; offset=9 is beyond its end"),
        (b"", "float32", 0, "found 0 bytes, but float32 (12, 4) takes 192; it holds 0 float32 "
         "numbers, the shape 48"),
        (b"\x93NUMPY" + bytes(300), "float32", 0, "found 306 bytes, but float32 (12, 4) takes "
         "192; it is a .npy file: use nn.from_npy"),
        (b"PK\x03\x04" + bytes(300), "float32", 0, "found 304 bytes, but float32 (12, 4) "
         "takes 192; it is a zip: use nn.from_npz"),
        (b"\x02" * 48, "bool", 0, "it holds the byte 2; a bool is 0 or 1"),
    ],
)  # fmt: skip
def test_raw_file_that_does_not_fit(
    tmp_path: Path, content: bytes, dtype: str, offset: int, message: str
) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(content)
    found = fails(WeightError, lambda: from_numpy_bin(path, (12, 4), dtype, offset=offset))
    assert found.startswith(str(path))
    assert found.removeprefix(str(path)).lstrip(": ") == message


@pytest.mark.parametrize(
    ("shape", "options", "kind", "message"),
    [
        ((2, -3), {}, ShapeError, "negative extent -3"),
        (("N", 3), {}, ShapeError, "the shape of a weight is integers; found (N, 3)"),
        (6, {}, ShapeError, "a shape is a tuple"),
        ((1,) * 9, {}, ShapeError, "9 axes"),
        ((2, 3), {"dtype": "float31"}, DTypeError, "unknown dtype 'float31'"),
        ((2, 3), {"byte_order": ">"}, ArgumentError, "expected 'little' or 'big'"),
        ((2, 3), {"offset": -4}, ArgumentError, "offset=-4"),
    ],
)
def test_raw_file_asked_for_wrongly(
    tmp_path: Path, shape: Any, options: Any, kind: type[WnnxError], message: str
) -> None:
    numbers((2, 3), "float32").tofile(tmp_path / "w.bin")
    assert message in fails(kind, lambda: from_numpy_bin(tmp_path / "w.bin", shape, **options))
