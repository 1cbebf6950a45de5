"""Faults 33 to 42: tensors' places, shapes and bytes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import wnnx
from tests.schema.damage import changed, data_of, file_of, front_of, model_of, replaced
from tests.schema.networks import linear
from wnnx.errors import ChecksumError, FormatError, GraphError, LimitError, WnnxError
from wnnx.graph import Constant, Graph
from wnnx.records import DTYPES, ModelRecord

# Of `linear`: tensors[0] is w, float32 (3, 4) at 0; tensors[1] is b, float32 (3,) at 64.


def tensor(index: int, **fields: Any) -> Callable[[ModelRecord], ModelRecord]:
    return lambda model: model._replace(tensors=replaced(model.tensors, index, **fields))


def refuses(
    change: Callable[[ModelRecord], ModelRecord],
    message: str,
    error: type[WnnxError] = FormatError,
) -> None:
    with pytest.raises(error, match=message):
        wnnx.from_bytes(changed(linear(), change))


@pytest.mark.parametrize("offset", [0, 1, 32, 48, 63, 65, 128, 2**40])
def test_33_overlap_or_hole(offset: int) -> None:
    refuses(
        tensor(1, offset=offset), rf"tensors\[1\]: its bytes are {offset} to .* begin at 64"
    )


def test_33_hole_before_the_first() -> None:
    refuses(tensor(0, offset=64), r"tensors\[0\]: its bytes are 64 to 112 .* begin at 0")


def test_33_not_ascending() -> None:
    refuses(lambda m: m._replace(tensors=m.tensors[::-1]), r"tensors\[0\]: .* begin at 0")


def test_33_hole_at_the_end() -> None:
    model, data = model_of(linear()), data_of(wnnx.to_bytes(linear()))
    with pytest.raises(FormatError, match=r"the last tensor ends at byte 76 .* which has 140"):
        wnnx.from_bytes(file_of(model, data + bytes(64)))


@pytest.mark.parametrize("shape", [(2**32, 2**32), (2**62, 4), (2**63 - 1,) * 8])
def test_34_shape_product_overflow(shape: tuple[int, ...]) -> None:
    refuses(tensor(1, shape=shape), r"tensors\[1\]: float32 .* takes \d+ bytes; it says 12")


def test_34_shape_product_overflow_hidden_by_a_zero() -> None:
    change = tensor(1, shape=(2**32, 2**32, 0), size=0)
    refuses(change, r"tensors\[1\]: no array can have the shape", LimitError)


def test_35_negative_extent() -> None:
    refuses(tensor(1, shape=(-3,)), r"tensors\[1\]: shape .* negative extent -3", GraphError)
    refuses(tensor(1, shape=(-3, -1)), "negative extent -3", GraphError)


def test_35_rank_over_8() -> None:
    refuses(tensor(1, shape=(3, *[1] * 8)), r"tensors\[1\]: 9 axes; at most 8", LimitError)
    graph = linear()
    graph.add_constant(Constant("deep", np.zeros((1,) * 9, np.float32)))
    with pytest.raises(LimitError, match="9 axes; at most 8"):
        wnnx.to_bytes(graph)


@pytest.mark.parametrize(
    "fields",
    [
        {"shape": (4,)},
        {"shape": ()},
        {"size": 11},
        {"size": 2**64 - 4},
        {"dtype": 4},
        {"dtype": 5},
    ],
)
def test_36_dtype_times_shape_differs_from_bytes(fields: dict[str, Any]) -> None:
    refuses(tensor(1, **fields), r"tensors\[1\]: .* takes \d+ bytes; it says \d+")


@pytest.mark.parametrize("dtype", [0, len(DTYPES), 255])
def test_36_unknown_dtype(dtype: int) -> None:
    message = f"dtype {dtype} is unknown here"
    refuses(tensor(1, dtype=dtype), r"tensors\[1\]: " + message)

    def value(model: ModelRecord) -> ModelRecord:
        graph = model.graphs[0]
        values = replaced(graph.values, 0, dtype=dtype)
        return model._replace(graphs=(graph._replace(values=values),))

    refuses(value, r"values\[0\]: " + message)


@pytest.mark.parametrize("offset", [2**64 - 1, 2**64 - 12, 2**63])
def test_37_offset_and_size_over_64_bits(offset: int) -> None:
    refuses(
        tensor(1, offset=offset), rf"tensors\[1\]: its bytes are {offset} to {offset + 12}"
    )


def test_37_data_beyond_the_end_of_the_file() -> None:
    model, data = model_of(linear()), data_of(wnnx.to_bytes(linear()))
    with pytest.raises(FormatError, match=r"tensors\[1\]: its bytes are 64 to 76 of 70"):
        wnnx.from_bytes(file_of(model, data[:70]))


def test_38_two_values_with_one_tensor_or_none() -> None:
    def twice(model: ModelRecord) -> ModelRecord:
        graph = model.graphs[0]
        return model._replace(
            graphs=(graph._replace(values=replaced(graph.values, 2, tensor=0)),)
        )

    refuses(twice, r"values\[2\]: 'b' has tensor 0, which another value has", GraphError)

    def lost(model: ModelRecord) -> ModelRecord:
        extra = model.tensors[1]._replace(offset=128)
        return model._replace(tensors=(*model.tensors, extra))

    refuses(lost, r"tensors\[2\]: no value has it", GraphError)


def test_38_two_constants_with_one_name() -> None:
    def same(model: ModelRecord) -> ModelRecord:
        graph = model.graphs[0]
        return model._replace(
            graphs=(graph._replace(values=replaced(graph.values, 2, name="w")),)
        )

    refuses(same, r"values\[2\]: the name 'w' is there twice", GraphError)


def test_38_constant_with_a_type_of_its_own() -> None:
    def typed(model: ModelRecord) -> ModelRecord:
        graph = model.graphs[0]
        return model._replace(
            graphs=(graph._replace(values=replaced(graph.values, 2, dtype=3)),)
        )

    refuses(typed, "the constant 'b' has a dtype or a shape of its own", GraphError)


def test_39_zero_size_tensors_share_a_place_and_hold_nothing() -> None:
    graph = linear()
    shapes = [(0,), (0, 3), (2, 0, 5), (2**40, 0)]
    for index, shape in enumerate(shapes):
        graph.add_constant(Constant(f"empty{index}", np.zeros(shape, np.float64)))
    graph.add_constant(Constant("after", np.array([5], np.int32)))
    model = model_of(graph)
    assert [t.offset for t in model.tensors] == [0, 64, 128, 128, 128, 128, 128]
    again = wnnx.from_bytes(wnnx.to_bytes(graph))
    assert [again.value(f"empty{i}").shape for i in range(4)] == shapes
    assert not any(c.array.flags.writeable for c in again.constants)


def test_39_zero_size_at_the_very_end_and_no_constants_at_all() -> None:
    graph = linear()
    graph.add_constant(Constant("empty", np.zeros((0, 2), np.float32)))
    data = wnnx.to_bytes(graph)
    assert wnnx.to_bytes(wnnx.from_bytes(data)) == data
    bare = Graph("bare")
    x = bare.add_input("x", linear().value("x").type)
    bare.mark_output(x)
    data = wnnx.to_bytes(bare)
    assert len(data) == front_of(data).data_start
    assert wnnx.to_bytes(wnnx.from_bytes(data)) == data


def test_40_nan_and_infinity_are_kept_to_the_bit() -> None:
    bits = np.array([0x7FC00001, 0xFFC00000, 0x7F800000, 0xFF800000, 0x80000000], np.uint32)
    graph = linear()
    graph.add_constant(Constant("odd", bits.view(np.float32)))
    again = wnnx.from_bytes(wnnx.to_bytes(graph)).value("odd")
    assert isinstance(again, Constant)
    np.testing.assert_array_equal(again.array.view(np.uint32), bits)


@pytest.mark.parametrize("byte", [2, 255])
def test_41_bool_byte_above_1(byte: int) -> None:
    array = np.array([1, 0, byte], np.uint8)
    graph = linear()
    graph.add_constant(Constant("mask", array))
    data = changed(graph, tensor(2, dtype=DTYPES.index("bool")))
    with pytest.raises(
        FormatError, match=r"constant 'mask' \(tensors\[2\]\) is bool, but not"
    ):
        wnnx.from_bytes(data)
    graph.remove_constant(next(c for c in graph.constants if c.name == "mask"))
    graph.add_constant(Constant("mask", array.view(np.bool_)))
    with pytest.raises(WnnxError, match="bytes other than 0 and 1"):
        wnnx.to_bytes(graph)


def test_42_checksum_names_the_tensor(tmp_path: Any) -> None:
    data = bytearray(wnnx.to_bytes(linear()))
    start = front_of(bytes(data)).data_start
    for at, name in ((0, "w"), (47, "w"), (64, "b"), (75, "b")):
        damaged = bytearray(data)
        damaged[start + at] ^= 0x10
        with pytest.raises(
            ChecksumError, match=rf"constant '{name}' \(tensors\[\d\]\) changed"
        ):
            wnnx.from_bytes(bytes(damaged))
    path = tmp_path / "x.wnnx"
    data[start + 64 : start + 68] = np.float32(9).tobytes()
    path.write_bytes(data)
    unchecked = wnnx.load(path, checksums=False).value("b")
    assert isinstance(unchecked, Constant)
    assert unchecked.array.tolist() == [9, 2, 3]
