"""What goes into a file comes out of it, and goes into the next file as the same bytes."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import wnnx
from tests.schema.networks import add, described, everything, linear
from wnnx.dims import Dim, symbol
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.ops.registry import schema
from wnnx.types import DTYPES, MAX_RANK, TensorType, numpy_dtype

ROOT = Path(__file__).parents[2]


def test_everything_a_file_can_hold_comes_back(tmp_path: Path) -> None:
    graph = everything()
    wnnx.save(graph, tmp_path / "a.wnnx")
    for again in (
        wnnx.load(tmp_path / "a.wnnx"),
        wnnx.load(tmp_path / "a.wnnx", mapped=False),
        wnnx.load(tmp_path / "a.wnnx", checksums=False),
        wnnx.from_bytes((tmp_path / "a.wnnx").read_bytes()),
    ):
        assert described(again) == described(graph)
        assert wnnx.to_bytes(again) == (tmp_path / "a.wnnx").read_bytes()


def test_the_same_network_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, wnnx; from tests.schema.networks import everything;"
        "print(hashlib.sha256(wnnx.to_bytes(everything())).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(digests) == 1


def test_the_order_of_values_and_nodes_is_kept_after_an_insertion() -> None:
    graph = linear()
    y = graph.node("y")
    between = Value("between", graph.value("h").type)
    graph.add_node(Node("between", "relu", [graph.value("h")], [between], {}), before=y)
    graph.set_input(y, 0, between)
    again = wnnx.from_bytes(wnnx.to_bytes(graph))
    assert [node.name for node in again.nodes] == ["h", "between", "y"]
    assert [value.name for value in again.values] == ["x", "w", "b", "h", "y", "between"]
    assert again.value("between").producer is again.node("between")
    assert again.value("between").consumers == (again.node("y"),)


def test_constants_are_read_only_views_and_know_what_they_hold(tmp_path: Path) -> None:
    graph = linear()
    graph.add_constant(Constant("sizes", np.array([2, 3], np.int64)))
    wnnx.save(graph, tmp_path / "a.wnnx")
    again = wnnx.load(tmp_path / "a.wnnx")
    for constant in again.constants:
        assert not constant.array.flags.writeable
        assert constant.array.base is not None
        assert constant.array.ctypes.data % 64 == 0
    assert again.value("sizes").type.value == (2, 3)
    copied = wnnx.load(tmp_path / "a.wnnx", mapped=False)
    assert all(c.array.ctypes.data % 64 == 0 for c in copied.constants)
    assert not any(c.array.flags.writeable for c in copied.constants)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24, dtype=np.float32).reshape(4, 6)[::2, ::-1],
        np.arange(24, dtype=np.float32).reshape(4, 6).T,
        np.arange(24, dtype=">f4").reshape(4, 6),
        np.broadcast_to(np.float64(3), (2, 0, 3)),
        np.broadcast_to(np.int16(3), (2, 5, 3)),
    ],
)
def test_any_memory_layout_is_written_row_by_row(array: np.ndarray) -> None:
    graph = linear()
    graph.add_constant(Constant("c", array))
    again = wnnx.from_bytes(wnnx.to_bytes(graph)).value("c")
    assert isinstance(again, Constant)
    assert again.array.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(again.array, array)


def test_attributes_of_a_known_operator_are_stored_in_one_form() -> None:
    """A whole number given for a float, or one number for every axis, is spelled out."""
    graph = Graph("known")
    x = graph.add_input("x", TensorType("float32", (1, 1, 8, 8)))
    w = graph.add_constant(Constant("w", np.zeros((1, 1, 3, 3), np.float32)))
    conv = add(
        graph, "conv", "conv", [x, w], TensorType("float32", (1, 1, 6, 6)), {"stride": 1}
    )
    leaky = add(graph, "leaky", "leaky_relu", [conv], conv.type, {"negative_slope": 1})
    graph.mark_output(leaky)
    again = wnnx.from_bytes(wnnx.to_bytes(graph))
    assert again.node("conv").attributes == schema("conv").normalize([x, w], {})
    assert again.node("conv").attributes["stride"] == (1, 1)
    assert repr(again.node("leaky").attributes) == "{'negative_slope': 1.0}"


@pytest.mark.parametrize("first", [0.0, -0.0])
def test_layers_that_differ_in_the_sign_of_zero_are_not_mixed_up(first: float) -> None:
    graph = linear()
    y = graph.value("y")
    s0 = add(graph, "s0", "acme::scale", [y], y.type, {"by": first})
    graph.mark_output(add(graph, "s1", "acme::scale", [s0], y.type, {"by": -first}))
    again = wnnx.from_bytes(wnnx.to_bytes(graph))
    found = [repr(again.node(name).attributes["by"]) for name in ("s0", "s1")]
    assert found == [repr(first), repr(-first)]


def test_layers_that_are_alike_do_not_share_their_attributes() -> None:
    graph = linear()
    y = graph.value("y")
    s0 = add(graph, "s0", "acme::scale", [y], y.type, {"by": 2})
    graph.mark_output(add(graph, "s1", "acme::scale", [s0], y.type, {"by": 2}))
    again = wnnx.from_bytes(wnnx.to_bytes(graph))
    again.node("s0").attributes["by"] = 3
    assert again.node("s1").attributes == {"by": 2}


def test_a_tensor_of_more_than_two_gigabytes_is_described_exactly() -> None:
    """Sizes are 64 bits; the array is a broadcast, so nothing large is held or written."""
    from wnnx.flatten import flatten

    graph = linear()
    graph.add_constant(Constant("large", np.broadcast_to(np.float32(0), (2**20, 2**12))))
    tensor = flatten(graph)[0].tensors[-1]
    assert tensor.size == 2**34


@pytest.mark.flatc
def test_flatc_reads_the_file_as_it_stands(tmp_path: Path) -> None:
    wnnx.save(everything(), tmp_path / "a.wnnx")
    subprocess.run(
        ["flatc", "--json", "--strict-json", "-o", tmp_path, ROOT / "schema/wnnx.fbs", "--",
         tmp_path / "a.wnnx"],
        check=True,
    )  # fmt: skip
    # JSON has no infinity, and this flatc writes "inf".
    model = json.loads((tmp_path / "a.json").read_text().replace(" inf", " 1e999"))
    values = model["graphs"][0]["values"]
    assert values[0] == {
        "name": "x", "dtype": "float32", "shape": [-1, 4], "dim_names": ["N", ""],
        "tensor": -1,
    }  # fmt: skip
    assert values[1] == {"name": "w", "dtype": "none", "tensor": 0}
    assert model["tensors"][0]["shape"] == [3, 4]
    assert [node["name"] for node in model["graphs"][0]["nodes"]] == ["h", "y", "odd", "if"]
    assert model["ops"][2] == {"domain": "acme", "name": "odd", "version": 3}
    assert [e["key"] for e in model["metadata"]] == ["author", "", "note"]


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


def affine(factor: int, name: str, offset: int) -> Dim:
    return factor * symbol(name) + offset


def strided(stride: int) -> Dim:
    return (symbol("N") - 1) // stride + 1


DIMS: st.SearchStrategy[Dim] = st.one_of(
    st.integers(0, 5),
    st.sampled_from("NMK").map(symbol),
    st.builds(affine, st.integers(1, 9), st.sampled_from("NM"), st.integers(0, 9)),
    st.builds(strided, st.integers(2, 9)),
)
INTS = st.integers(-(2**63), 2**63 - 1)
ATTRIBUTES: st.SearchStrategy[Attribute] = st.one_of(
    st.none(),
    st.booleans(),
    INTS,
    st.floats(allow_nan=False),
    NAMES,
    st.lists(INTS, max_size=4).map(tuple),
    st.lists(st.floats(allow_nan=False), max_size=4).map(tuple),
    st.lists(NAMES, max_size=4).map(tuple),
    st.lists(DIMS, max_size=4).map(tuple),
)
TYPES = st.builds(
    TensorType, st.sampled_from(DTYPES), st.lists(DIMS, max_size=MAX_RANK).map(tuple)
)


@st.composite
def tensors(draw: st.DrawFn) -> np.ndarray:
    dtype = numpy_dtype(draw(st.sampled_from(DTYPES)))
    shape = draw(arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    raw = draw(st.binary(min_size=64, max_size=64))
    numbers = np.resize(np.frombuffer(raw, np.uint8), shape)
    if dtype == np.bool_:
        return np.asarray(numbers % 2 == 0)
    items = np.resize(np.frombuffer(raw, np.uint8), (*shape, dtype.itemsize))
    return np.ascontiguousarray(items).view(dtype).reshape(shape)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    graph = Graph(draw(NAMES))
    names = iter(draw(st.lists(NAMES, min_size=24, max_size=24, unique=True)))
    values: list[Value | None] = [None, graph.add_input(next(names), draw(TYPES))]
    for array in draw(st.lists(tensors(), max_size=4)):
        values.append(graph.add_constant(Constant(next(names), array)))
    for _ in range(draw(st.integers(1, 5))):
        types = draw(st.lists(TYPES, min_size=1, max_size=2))
        outputs = [Value(next(names), type) for type in types]
        inputs = draw(st.lists(st.sampled_from(values), max_size=3))
        node = Node(
            outputs[0].name, draw(st.sampled_from(["acme::a", "acme::b"])), inputs, outputs,
            draw(st.dictionaries(NAMES, ATTRIBUTES, max_size=4)),
            version=draw(st.integers(0, 3)), precision=draw(st.sampled_from([None, "fp32"])),
        )  # fmt: skip
        graph.add_node(node)
        values += outputs
    some = draw(st.lists(st.sampled_from(values[1:]), min_size=1, max_size=3, unique_by=id))
    for value in some:
        assert value is not None
        graph.mark_output(value)
    graph.metadata = draw(st.dictionaries(NAMES, NAMES, max_size=2))
    return graph


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs())
def test_random_networks_come_back(graph: Graph) -> None:
    data = wnnx.to_bytes(graph)
    again = wnnx.from_bytes(data)
    assert described(again) == described(graph)
    assert wnnx.to_bytes(again) == data
    assert wnnx.to_bytes(graph.copy()) == data
