"""Loading weights by name: what is replaced, what is reported, and that nothing is silent."""

import warnings
from pathlib import Path
from typing import Any, Unpack

import numpy as np
import pytest

import nnbuilder as nn
from nnbuilder.loading import Mismatch, WeightReport, load_weights
from nnbuilder.weights import from_npz
from wnnx import Constant, NodeOptions, TensorType, Value, op
from wnnx.errors import ArgumentError, DTypeError, WeightError, WeightWarning, WnnxError
from wnnx.graph import Graph
from wnnx.ops.checks import known
from wnnx.types import Array, checked_shape


@op(domain="test")
def grow(x: Value, size: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` with as many more axes at the front as `size` says."""
    assert size.type.value is not None
    return TensorType(x.dtype, checked_shape((*size.type.value, *x.shape)))


@op(domain="test")
def negate(size: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `-size`."""
    return known(size.dtype, size.shape, np.negative, size)


@op(domain="test")
def parity(size: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `size % 2`."""
    return known(size.dtype, size.shape, np.remainder, size, Constant("", np.array(2)))


def ones(*shape: int, dtype: str = "float32") -> Array:
    return np.ones(shape, dtype)


def network() -> Graph:
    """Two layers with weights and biases, a number that a user wrote, and a stray constant."""
    b = nn.Builder("net")
    x = b.input("x", ("N", 3))
    x = b.relu(b.linear(x, nn.constant(ones(4, 3)), nn.constant(ones(4)), name="fc0") * 1.0)
    x = b.linear(x, nn.constant(ones(2, 4)), nn.constant(ones(2)), name="fc1")
    b.constant(ones(3), name="stray")
    b.output(x, name="y")
    return b.graph


def weights() -> dict[str, Array]:
    """Return a new array for every weight of the network."""
    random = np.random.default_rng(0)
    shapes = {"fc0.weight": (4, 3), "fc0.bias": (4,), "fc1.weight": (2, 4), "fc1.bias": (2,)}
    return {n: random.normal(size=s).astype(np.float32) for n, s in shapes.items()}


def held(graph: Graph, name: str) -> Array:
    constant = graph.value(name)
    assert isinstance(constant, Constant)
    return constant.array


def state(graph: Graph) -> dict[str, tuple[Any, bytes]]:
    return {c.name: (c.type, c.array.tobytes()) for c in graph.constants}


def loads(graph: Graph, *args: Any, **options: Any) -> WeightReport:
    """Load weights where the report is complete: a warning would be an error."""
    report = load_weights(graph, *args, **options)
    assert report.complete
    return report


def loads_partly(graph: Graph, *args: Any) -> WeightReport:
    """Load weights where the report is not complete: the warning is its text."""
    with pytest.warns(WeightWarning) as caught:
        report = load_weights(graph, *args)
    assert [str(w.message) for w in caught] == [str(report)]
    assert not report.complete
    return report


def test_every_weight_is_replaced_where_it_stands() -> None:
    graph, given = network(), weights()
    before = list(graph.constants)
    report = loads(graph, given)
    assert report.loaded == tuple(given)
    assert (report.missing, report.unused, report.mismatched) == ((), (), ())
    assert str(report) == "4 weights loaded, 0 missing, 0 unused, 0 mismatched"
    assert list(graph.constants) == before
    for name, array in given.items():
        np.testing.assert_array_equal(held(graph, name), array)
        assert not held(graph, name).flags.writeable
        array[:] = 0
        assert held(graph, name).all()


def test_the_network_computes_with_what_was_loaded() -> None:
    from wnnxruntime import Session

    graph, given = network(), weights()
    loads(graph, given)
    x = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    hidden = np.maximum(x @ given["fc0.weight"].T + given["fc0.bias"], 0)
    expected = hidden @ given["fc1.weight"].T + given["fc1.bias"]
    found = Session(graph).run({"x": x})["y"]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_a_file_read_by_nnbuilder_is_a_mapping(tmp_path: Path) -> None:
    graph, given = network(), weights()
    np.savez(tmp_path / "w.npz", **given)  # type: ignore[arg-type]
    loads(graph, from_npz(tmp_path / "w.npz"))
    np.testing.assert_array_equal(held(graph, "fc1.weight"), given["fc1.weight"])


@pytest.mark.torch
def test_a_state_dict_is_a_mapping() -> None:
    import torch

    module = torch.nn.ModuleDict({"fc0": torch.nn.Linear(3, 4), "fc1": torch.nn.Linear(4, 2)})
    graph = network()
    given = module.state_dict()
    loads(graph, given)
    for name, tensor in given.items():
        np.testing.assert_array_equal(held(graph, name), tensor.numpy())


def test_rename_by_a_dict_leaves_other_names() -> None:
    graph, given = network(), weights()
    given["head.weight"] = given.pop("fc1.weight")
    report = loads(graph, given, {"head.weight": "fc1.weight"})
    assert "fc1.weight" in report.loaded
    np.testing.assert_array_equal(held(graph, "fc1.weight"), given["head.weight"])


def test_rename_by_a_function_and_none_skips() -> None:
    graph, given = network(), weights()
    stored = {f"module.{name}": array for name, array in given.items()}
    stored["module.fc0.num_batches_tracked"] = np.array(7)

    def rename(name: str) -> str | None:
        return None if name.endswith("tracked") else name.removeprefix("module.")

    assert loads(graph, stored, rename).loaded == tuple(given)
    graph = network()
    names: dict[str, str | None] = {name: rename(name) for name in stored}
    assert loads(graph, stored, names).loaded == tuple(given)


def test_missing_and_unused_are_reported_and_the_rest_is_loaded() -> None:
    graph, given = network(), weights()
    given["head.bias"] = given.pop("fc1.bias")
    report = loads_partly(graph, given)
    assert report.loaded == ("fc0.weight", "fc0.bias", "fc1.weight")
    assert report.missing == ("fc1.bias",)
    assert report.unused == ("head.bias",)
    assert str(report) == (
        "3 weights loaded, 1 missing, 1 unused, 0 mismatched\n"
        'missing:\n  "fc1.bias"\nunused:\n  "head.bias"\n'
        "rename= says what a name in the mapping is called in the network"
    )
    np.testing.assert_array_equal(held(graph, "fc0.weight"), given["fc0.weight"])
    np.testing.assert_array_equal(held(graph, "fc1.bias"), ones(2))


def test_the_warning_points_at_the_caller_of_the_builder() -> None:
    b = nn.Builder()
    b.input("x", (1, 3))
    with pytest.warns(WeightWarning) as caught:
        b.load_weights({"w": ones(1)})
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (ones(3, 4), "the shapes differ"),
        (ones(4, 3, 1), "the shapes differ"),
        (ones(4, 3, dtype="int64"), "the element types differ"),
        (ones(4, 3, dtype="bool"), "the element types differ"),
        (ones(4, 3, dtype="float64") * 1e39, "it holds 1e+39, which is beyond the range of "
         "float32"),
        (ones(4, 3, dtype="float64") * -1e-60, "it holds nothing larger than -1e-60, which "
         "float32 rounds to zero"),
    ],
)  # fmt: skip
def test_mismatch_leaves_the_weight_as_it_was(given: Array, reason: str) -> None:
    graph = network()
    report = loads_partly(graph, weights() | {"fc0.weight": given})
    found = TensorType(given.dtype.name, given.shape)
    assert report.mismatched == (
        Mismatch("fc0.weight", found, TensorType("float32", (4, 3)), reason),
    )
    assert f'"fc0.weight": found {found}, expected float32 (4, 3); {reason}' in str(report)
    assert len(report.loaded) == 3
    np.testing.assert_array_equal(held(graph, "fc0.weight"), ones(4, 3))


@pytest.mark.parametrize("dtype", ["float16", "float64", "bfloat16"])
def test_floats_of_another_width_are_rounded(dtype: str) -> None:
    from wnnx.types import numpy_dtype

    graph = network()
    stored = {name: array.astype(numpy_dtype(dtype)) for name, array in weights().items()}
    loads(graph, stored)
    for name, array in stored.items():
        assert graph.value(name).dtype == "float32"
        np.testing.assert_array_equal(held(graph, name), array.astype(np.float32))


def test_strict_raises_and_changes_nothing() -> None:
    graph = network()
    before = state(graph)
    given = weights() | {"fc0.bias": ones(5)}
    with pytest.raises(
        WeightError, match=r"3 weights loaded, 0 missing, 0 unused, 1 mismatch"
    ):
        load_weights(graph, given, strict=True)
    assert state(graph) == before
    assert loads(graph, weights(), strict=True).loaded


def test_a_warning_made_an_error_changes_nothing() -> None:
    graph = network()
    before = state(graph)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(WeightWarning):
            load_weights(graph, {"fc0.bias": np.zeros(4, np.float32)})
    assert state(graph) == before


@pytest.mark.parametrize(
    ("given", "rename", "kind", "message"),
    [
        (weights() | {"fc1.bias": np.array([None])}, None, DTypeError,
         'weight "fc1.bias": unknown dtype \'object\''),
        (weights() | {"a": ones(2)}, {"a": "fc1.bias"}, WeightError,
         "'fc1.bias' and 'a' are both called 'fc1.bias'"),
        (weights(), {"fc0.weights": "fc0.weight"}, WeightError,
         "rename has 'fc0.weights', which the mapping lacks; did you mean 'fc0.weight'"),
        ("w.npz", None, ArgumentError, "expected a mapping of names to arrays, found a str"),
    ],
)  # fmt: skip
def test_bad_arguments_change_nothing(
    given: Any, rename: Any, kind: type[WnnxError], message: str
) -> None:
    graph = network()
    before = state(graph)
    with pytest.raises(kind) as caught:
        load_weights(graph, given, rename)
    assert message in str(caught.value)
    assert state(graph) == before


def test_integers_that_decide_no_shape_are_replaced() -> None:
    """What a small integer tensor holds is kept in its type, so that shapes can follow."""
    b = nn.Builder()
    b.input("x", (3,))
    size = b.constant(np.array([1, 2]), name="size")
    b.call(parity, size)
    loads(b.graph, {"size": np.array([5, 6])})
    np.testing.assert_array_equal(held(b.graph, "size"), [5, 6])
    assert size.type.value == (5, 6)


@pytest.mark.parametrize("through", [grow, negate])
@pytest.mark.parametrize("sizes", [[5, 6], [-1, 2]], ids=str)
def test_integers_that_decide_a_shape_are_not_replaced(through: Any, sizes: list[int]) -> None:
    b = nn.Builder()
    x = b.input("x", (3,))
    size = b.constant(np.array([1, 2]), name="size")
    b.call(through, *((x, size) if through is grow else (size,)))
    report = loads_partly(b.graph, {"size": np.array(sizes)})
    assert report.mismatched[0].reason == "shapes were inferred from its old numbers"
    assert size.type.value == (1, 2)
    np.testing.assert_array_equal(held(b.graph, "size"), [1, 2])
    loads(b.graph, {"size": np.array([1, 2])})


def test_a_long_report_is_cut_in_print_only() -> None:
    stray = {f"stray{i}": ones(1) for i in range(50)}
    report = loads_partly(network(), weights() | stray)
    assert report.unused == tuple(stray)
    assert str(report).splitlines()[-2:] == ['  "stray19"', "  and 30 more"]
