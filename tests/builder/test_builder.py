"""Writing a network: names, scopes, constants, errors that leave nothing behind."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import nnbuilder as nn
import wnnx
from tests.builder.custom import halves, scale
from wnnx.errors import ArgumentError, DimError, DTypeError, GraphError, ShapeError
from wnnx.graph import Value
from wnnxruntime import Session


def weight(*shape: int) -> nn.Constant:
    return nn.constant(np.random.default_rng(0).normal(size=shape).astype(np.float32))


def test_layers_and_weights_are_named_as_a_state_dict_would() -> None:
    b = nn.Builder()
    x = b.input("image", (1, 3, 8, 8))
    with b.scope("stem"):
        x = b.conv(x, weight(4, 3, 3, 3), weight(4))
    with b.scope("layer1"), b.scope("0"):
        x = b.conv(x, weight(4, 4, 1, 1), name="conv1")
        x = b.relu(x)
        x = b.relu(x)
    assert [n.name for n in b.graph.nodes] == [
        "stem/conv", "layer1/0/conv1", "layer1/0/relu", "layer1/0/relu_1",
    ]  # fmt: skip
    assert [c.name for c in b.graph.constants] == [
        "stem.weight", "stem.bias", "layer1.0.conv1.weight",
    ]  # fmt: skip


def test_names_are_the_same_every_time() -> None:
    def names() -> list[str]:
        b = nn.Builder()
        x = b.input("x", (2, 4))
        for _ in range(3):
            x = b.relu(b.linear(x, weight(4, 4)) * 2)
        return [value.name for value in b.graph.values]

    assert names() == names()
    assert names()[-2:] == ["mul_2", "relu_2"]


def test_a_failed_call_leaves_the_network_as_it_was() -> None:
    b = nn.Builder()
    x = b.input("x", (2, 4))
    b.relu(x)
    before = [value.name for value in b.graph.values]
    with pytest.raises(ShapeError, match='linear "fc"'):
        b.linear(x, weight(3, 5), name="fc")
    assert [value.name for value in b.graph.values] == before
    assert b.linear(x, weight(3, 4), name="fc").name == "fc"
    assert b.relu(x).name == "relu_1"


def test_one_constant_in_two_layers_is_one_weight() -> None:
    b = nn.Builder()
    x = b.input("x", (2, 4))
    tied = weight(4, 4)
    b.linear(b.linear(x, tied, name="a"), tied, name="b")
    assert [c.name for c in b.graph.constants] == ["a.weight"]
    assert len(b.graph.value("a.weight").uses) == 2


def test_one_constant_in_two_networks_belongs_to_both() -> None:
    tied = weight(4, 4)
    for _ in range(2):
        b = nn.Builder()
        b.linear(b.input("x", (2, 4)), tied)
        assert b.graph.value("linear.weight").shape == (4, 4)


def test_constants_keep_the_names_they_come_with() -> None:
    b = nn.Builder()
    named = nn.constant(np.ones((4, 4), np.float32), name="encoder.weight")
    b.linear(b.input("x", (2, 4)), named)
    assert b.graph.has_value("encoder.weight")


def test_builder_constant_adds_one_and_knows_it_again() -> None:
    b = nn.Builder()
    table = b.constant(np.arange(6, dtype=np.float32).reshape(3, 2), name="table")
    assert table.graph is b.graph
    assert b.constant(5).dtype == "int64"
    assert b.constant(0.5).dtype == "float32"
    free = weight(2)
    assert b.constant(free) is b.constant(free)
    b.output(table + 1.0, name="y")
    expected = np.arange(6, dtype=np.float32).reshape(3, 2) + 1
    np.testing.assert_array_equal(Session(b.graph).run({})["y"], expected)


def test_python_operators_and_numbers() -> None:
    b = nn.Builder()
    x = b.input("x", ("N", 4))
    y = (1 - x) * 2 + x / 4 - 0.5 + (-x) ** 2 + abs(x) + 2.0**x
    b.output(y, name="y")
    array = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
    expected = (1 - array) * 2 + array / 4 - 0.5 + array**2 + np.abs(array) + 2.0**array
    np.testing.assert_allclose(Session(b.graph).run({"x": array})["y"], expected, rtol=1e-5)
    assert all(c.dtype == "float32" for c in b.graph.constants)


def test_matrix_product_and_slices() -> None:
    b = nn.Builder()
    x = b.input("x", ("N", 4))
    b.output((x @ b.constant(weight(4, 3)))[:, 1:3], name="y")
    array = np.ones((2, 4), np.float32)
    found = Session(b.graph).run({"x": array})["y"]
    np.testing.assert_allclose(found, (array @ weight(4, 3).array)[:, 1:3], rtol=1e-6)
    assert [str(dim) for dim in b.graph.outputs[0].shape] == ["N", "2"]


def test_operators_need_a_builder() -> None:
    b = nn.Builder()
    b.output(b.relu(b.input("x", (2, 4))), name="y")
    graph = wnnx.from_bytes(b.serialize())
    with pytest.raises(GraphError, match=r"open the graph with Builder\.load"):
        abs(graph.value("y"))
    with pytest.raises(TypeError):
        iter(b.graph.value("y"))  # pyright: ignore


def test_an_output_takes_its_name_or_is_passed_on() -> None:
    b = nn.Builder()
    x = b.input("x", (2, 4))
    y = b.relu(x, name="act")
    assert b.output(y, name="y") is y
    b.output(y, name="again")
    b.output(x, name="copy")
    assert [v.name for v in b.graph.outputs] == ["y", "again", "copy"]
    assert [n.op for n in b.graph.nodes] == ["relu", "identity", "identity"]
    array = np.array([[-1, 2, 3, 4]] * 2, np.float32)
    results = Session(b.graph).run({"x": array})
    np.testing.assert_array_equal(results["y"], np.maximum(array, 0))
    np.testing.assert_array_equal(results["again"], results["y"])
    np.testing.assert_array_equal(results["copy"], array)


def test_custom_operators_are_called_and_typed() -> None:
    b = nn.Builder()
    x = b.input("x", (2, 4))
    first, second = b.call(halves, x, name="cut")
    b.output(b.call(scale, first + second, factor=3.0), name="y")
    assert [v.name for v in b.graph.node("cut").outputs] == ["cut.0", "cut.1"]
    assert b.graph.nodes[-1].op == "test::scale"
    assert b.graph.nodes[-1].version == 2
    array = np.arange(8, dtype=np.float32).reshape(2, 4)
    expected = 3 * (array[:, :2] + array[:, 2:])
    np.testing.assert_array_equal(Session(b.graph).run({"x": array})["y"], expected)


def test_methods_show_their_signature_and_documentation() -> None:
    signature = inspect.signature(nn.Builder.conv)
    assert list(signature.parameters)[:4] == ["self", "x", "weight", "bias"]
    assert signature.parameters["groups"].kind is inspect.Parameter.KEYWORD_ONLY
    assert "node" in signature.parameters
    assert "Args:" in (nn.Builder.conv.__doc__ or "")
    b = nn.Builder()
    assert b.conv.__name__ == "conv"
    assert nn.Builder.relu(b, b.input("x", (1,))).shape == (1,)  # type: ignore[call-arg,arg-type]  # pyright: ignore


def test_saving_and_loading_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    def build() -> nn.Builder:
        b = nn.Builder("net")
        x = b.input("x", ("N", 4))
        b.output(b.relu(b.linear(x, weight(3, 4), name="fc", precision="fp32")), name="y")
        return b

    data = build().serialize()
    assert build().serialize() == data
    build().serialize_to_file(tmp_path / "net.wnnx")
    assert (tmp_path / "net.wnnx").read_bytes() == data
    again = nn.Builder.load(tmp_path / "net.wnnx")
    assert again.serialize() == data
    assert again.graph.node("fc").precision == "fp32"


def test_a_loaded_network_can_be_written_on(tmp_path: Path) -> None:
    b = nn.Builder("net")
    b.output(b.relu(b.input("x", (2, 4))), name="y")
    b.serialize_to_file(tmp_path / "net.wnnx")
    loaded = nn.Builder.load(tmp_path / "net.wnnx")
    loaded.output(loaded.graph.value("y") * 2, name="z")
    loaded.serialize_to_file(tmp_path / "net.wnnx")
    array = np.ones((2, 4), np.float32)
    results = Session(tmp_path / "net.wnnx").run({"x": array})
    np.testing.assert_array_equal(results["z"], 2 * array)


def bad_calls() -> list[tuple[str, type[Exception], str]]:
    return [
        ("b.relu()", ArgumentError, r'relu "relu": missing a required argument: \'x\''),
        ("b.relu(x, axis=1)", ArgumentError, r"unexpected keyword argument 'axis'"),
        ("b.softmax(x, dims=1)", ArgumentError, r"did you mean 'dim'\?"),
        (
            "b.relu(np.ones(3))",
            ArgumentError,
            r"x is a numpy array; wrap it: nn.constant\(array\)",
        ),
        ("b.relu('x')", ArgumentError, r"expected a value of the network or a number"),
        ("b.add(1, 2)", ArgumentError, "every operand is a number"),
        ("n + 0.5", ArgumentError, r'y=0.5 is no whole number, but "n" is int64'),
        ("u + 300", ArgumentError, "y=300 does not fit into uint8"),
        ("u + -1", ArgumentError, "y=-1 does not fit into uint8"),
        ("b.relu(x, precision='int8')", ArgumentError, "expected 'fp32' or 'fp16'"),
        ("b.relu(x, name='taken')", GraphError, 'relu "taken": a layer has that name already'),
        ("b.relu(other)", GraphError, "belongs to another network"),
        ("b.output(x)\nb.output(x)", GraphError, "'x' is an output already"),
        ("b.serialize()", GraphError, r"no output; mark one: b.output\(value, name='y'\)"),
        ("b.input('x', (1,))", GraphError, "the name 'x' is taken"),
        ("b.input('z', 4)", ShapeError, r'input "z": a shape is a tuple such as'),
        ("b.input('z', (1, -2))", ShapeError, "negative extent -2"),
        ("b.input('z', (1.5,))", DimError, "1.5 is not an extent"),
        ("b.input('z', ('batch size',))", DimError, "'batch size' is not a dimension"),
        ("b.input('z', (1,), 'float8')", DTypeError, "unknown dtype 'float8'; known"),
    ]


@pytest.mark.parametrize(
    ("code", "error", "message"), bad_calls(), ids=[c[0] for c in bad_calls()]
)
def test_mistakes_are_told_at_the_line_they_are_made(
    code: str, error: type[Exception], message: str
) -> None:
    b = nn.Builder("net")
    x: Value = b.input("x", (2, 4))
    names = {
        "b": b, "x": x, "np": np, "n": b.input("n", (2,), "int64"),
        "u": b.input("u", (2,), "uint8"), "taken": b.relu(x, name="taken"),
        "other": nn.Builder().input("x", (2, 4)),
    }  # fmt: skip
    with pytest.raises(error, match=message):
        exec(code, names)
