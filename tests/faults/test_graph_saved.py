"""Faults 24 to 32 before a file exists: what is not whole is refused, nothing is written."""

from typing import Any

import numpy as np
import pytest

import wnnx
from tests.schema.networks import add, linear, nested
from wnnx.dims import symbol
from wnnx.errors import ArgumentError, GraphError, LimitError, WnnxError
from wnnx.graph import Graph, Value
from wnnx.types import TensorType

SCALAR = TensorType("float32", ())


def test_saving_without_an_output() -> None:
    graph = linear()
    graph.outputs.clear()
    with pytest.raises(GraphError, match="the graph 'linear' has no output; mark one"):
        wnnx.to_bytes(graph)


def test_saving_nodes_out_of_order() -> None:
    graph = linear()
    graph.nodes.reverse()
    with pytest.raises(GraphError, match="'y' reads 'h' before it is computed"):
        wnnx.to_bytes(graph)


def test_saving_a_value_of_another_graph() -> None:
    graph, other = linear(), linear()
    graph.outputs.append(other.value("h"))
    with pytest.raises(GraphError, match=r"outputs: <Value 'h' .*> belongs to another graph"):
        wnnx.to_bytes(graph)
    graph = linear()
    graph.nodes[1].inputs = (other.value("h"),)
    with pytest.raises(
        GraphError, match=r'relu "y"\.inputs: <Value .* belongs to another graph'
    ):
        wnnx.to_bytes(graph)


def test_saving_names_that_became_equal() -> None:
    graph = linear()
    graph.value("h").name = "x"
    with pytest.raises(GraphError, match="the name 'x' is there twice"):
        wnnx.to_bytes(graph)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (2**63, "is not an integer of 64 bits"),
        ((-(2**63) - 1,), "is not an integer of 64 bits"),
        ((1, 2.0), "expected only integers"),
        ((True,), "expected only integers"),
        ([1, 2], "a file cannot hold list"),
        (np.float32(1), "a file cannot hold float32"),
        ("\ud800", "cannot be written as UTF-8"),
    ],
)
def test_saving_an_attribute_that_a_file_cannot_hold(value: Any, message: str) -> None:
    graph = linear()
    y = graph.value("y")
    graph.mark_output(add(graph, "z", "acme::any", [y], y.type, {"a": value}))
    with pytest.raises(GraphError, match=message):
        wnnx.to_bytes(graph)


@pytest.mark.parametrize("op", ["::crop", "a::b::c", "", "a::"])
def test_saving_an_operator_that_has_no_name(op: str) -> None:
    graph = linear()
    graph.nodes[1].op = op
    with pytest.raises(GraphError):
        wnnx.to_bytes(graph)


def test_saving_a_known_operator_with_a_wrong_attribute() -> None:
    graph = linear()
    graph.nodes[1].attributes["slope"] = 1.0
    with pytest.raises(ArgumentError, match='relu "y": there is no attribute'):
        wnnx.to_bytes(graph)


def test_saving_a_precision_that_is_none() -> None:
    graph = linear()
    graph.nodes[1].precision = "int8"
    with pytest.raises(GraphError, match="precision 'int8' is not one of"):
        wnnx.to_bytes(graph)


@pytest.mark.parametrize("shape", [(-1,), (1,) * 9, (2**63,), (symbol("N"), -2)])
def test_saving_a_shape_that_is_none(shape: tuple[Any, ...]) -> None:
    graph = linear()
    graph.mark_output(add(graph, "z", "acme::any", [], TensorType("float32", shape)))
    with pytest.raises(WnnxError, match=r"negative|64 bits|9 axes"):
        wnnx.to_bytes(graph)


def test_saving_metadata_of_a_body() -> None:
    graph = nested(2)
    inner = graph.nodes[0].attributes["body"]
    assert isinstance(inner, Graph)
    inner.metadata["a"] = "b"
    with pytest.raises(GraphError, match="only a network can have them"):
        wnnx.to_bytes(graph)


def test_saving_a_value_that_nobody_computes() -> None:
    graph = linear()
    twin = Graph.assemble("x", [*graph.copy().values, Value("lost", SCALAR)], [], [], [])
    twin.outputs = [twin.value("lost")]
    with pytest.raises(GraphError, match="nobody computes"):
        wnnx.to_bytes(twin)


def test_too_many_different_symbolic_dimensions() -> None:
    """Reading texts takes longer than reading bytes, so there is a budget for them."""
    graph = linear()
    name = "a" * 60
    for index in range(2500):
        shape = tuple(symbol(f"{name}{index}_{axis}") for axis in range(1))
        add(graph, f"n{index}", "acme::any", [], TensorType("float32", shape))
    with pytest.raises(LimitError, match="more than 131072 characters"):
        wnnx.to_bytes(graph)
