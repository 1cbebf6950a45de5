"""The JSON that Netron reads."""

import json
from typing import Any

import numpy as np
import pytest

from nnviz.netron.model import to_json
from nnviz.netron.resources import resources
from tests.viz.networks import HOSTILE, Sketch, fully_connected, hostile, residual
from wnnx.graph import Constant, Graph


def module(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(to_json(graph)))["modules"][0]
    return found


def test_nodes_have_the_names_of_the_signature() -> None:
    found = module(fully_connected())
    names = [value["name"] for value in found["values"]]
    first, relu, second = found["nodes"]
    assert first["type"] == {"name": "linear", "category": "Layer"}
    assert [(a["name"], names[a["value"][0]]) for a in first["inputs"]] == [
        ("x", "x"), ("weight", "fc0.weight"), ("bias", "fc0.bias"),
    ]  # fmt: skip
    assert relu["type"] == {"name": "relu", "category": "Activation"}
    assert relu["inputs"][0]["value"] == first["outputs"][0]["value"]
    assert [a["name"] for a in second["inputs"]] == ["x", "weight"]
    assert names[found["outputs"][0]["value"][0]] == "y"


def test_values_have_shapes_and_weights_their_number() -> None:
    graph = fully_connected()
    values = {value["name"]: value for value in module(graph)["values"]}
    assert values["x"]["type"] == {"dataType": "float32", "shape": {"dimensions": ["N", 4]}}
    weight = values["fc1.weight"]["initializer"]
    assert weight["type"] == {"dataType": "float16", "shape": {"dimensions": [3, 12]}}
    assert [c.name for c in graph.constants][weight["tensor"]] == "fc1.weight"


def test_the_first_key_is_what_netron_looks_for() -> None:
    text = json.dumps(to_json(fully_connected()))
    assert text.startswith('{"signature": "netron:wnnx", ')


def test_an_operator_nobody_registered_shows_plainly() -> None:
    node = module(residual())["nodes"][-2]
    assert node["type"] == {"name": "acme::crop", "category": ""}
    assert [a["name"] for a in node["inputs"]] == ["0", "2"]  # the second was left out
    assert node["metadata"] == [{"name": "operator", "value": "not registered here"}]


@pytest.mark.parametrize(
    ("value", "type", "shown"),
    [
        (True, "boolean", True),
        (3, "int64", 3),
        (-(2**53) - 1, "int64", str(-(2**53) - 1)),
        ((1, 2**60), "int64[]", [1, str(2**60)]),
        (0.5, "float64", 0.5),
        (float("-inf"), "float64", "-inf"),
        ((1.0, 2.5), "float64[]", [1.0, 2.5]),
        ("same", "string", "same"),
        (("a", "b\n"), "string[]", ["a", "b\\n"]),
        ((), "int64[]", []),
    ],
)
def test_attributes(value: Any, type: str, shown: Any) -> None:
    s = Sketch()
    s.layer("node", "own", [s.input("x", (1,))], (1,), a=value, left_out=None)
    assert module(s.graph)["nodes"][0]["attributes"] == [
        {"name": "a", "type": type, "value": shown}
    ]


def test_symbolic_shapes_are_text() -> None:
    types = [
        v["type"]["shape"]["dimensions"] for v in module(residual())["values"] if "type" in v
    ]
    assert ["N", 16, "(H - 1)//2 + 1", 1] in types


def test_hostile_names_stay_apart_and_on_one_line() -> None:
    found = to_json(hostile())
    names = [value["name"] for value in found["modules"][0]["values"]]
    assert len(set(names)) == len(names) == 1 + 2 * len(HOSTILE)
    assert not [name for name in names if "\n" in name or "\u202e" in name or "\x00" in name]
    assert found["producer"] == "? <b>"


@pytest.mark.parametrize("dtype", ["float16", "float32", ">f4", "int64", "bool"])
def test_tensors_are_given_as_little_endian_bytes(dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    graph = Graph()
    graph.add_constant(Constant("w", array.T))
    content = resources(graph).get("tensor/0")
    assert content is not None
    assert bytes(content) == array.T.astype(array.dtype.newbyteorder("<")).tobytes()


def test_statistics_are_given_as_metrics() -> None:
    graph = Graph()
    graph.add_constant(Constant("w", np.array([0.0, 1.5, -2.0, np.nan], np.float32)))
    content = resources(graph).get("tensor/0/statistics")
    metrics = {m["name"]: m["value"] for m in json.loads(bytes(content or b""))}
    assert metrics["min"] == "-2"
    assert metrics["max"] == "1.5"
    assert metrics["sparsity"] == 0.25
    assert metrics["not finite"] == "1 elements"


@pytest.mark.parametrize(
    "name",
    ["tensor/3", "tensor/-1", "tensor/", "tensor/0/x", "tensor/\u0663", "other", "", "/"],
)
def test_nothing_else_is_given(name: str) -> None:
    graph = fully_connected()
    assert len(list(graph.constants)) == 3
    assert resources(graph).get(name) is None
