"""Faults 24 to 32: graphs that are not whole, in a file and before they are saved."""

from typing import Any

import numpy as np
import pytest

import wnnx
from tests.schema.damage import changed, changed_graph, model_of, replaced
from tests.schema.networks import add, body, described, everything, linear, nested
from wnnx.errors import ArgumentError, DimError, FormatError, GraphError, LimitError, WnnxError
from wnnx.graph import Constant, Graph, Node, Value
from wnnx.records import ATTRIBUTE_KINDS, AttrRecord, ModelRecord, OpRecord
from wnnx.types import TensorType

# Of `linear`: values x, w, b, h, y are 0 to 4; node h is linear(x, w, b), node y is relu(h).
SCALAR = TensorType("float32", ())


def refuses(message: str, error: type[WnnxError] = GraphError, **fields: Any) -> None:
    """Load `linear` with fields of its graph's record changed; the error must match."""
    data = changed_graph(linear(), lambda graph: graph._replace(**fields))
    with pytest.raises(error, match=message):
        wnnx.from_bytes(data)


def nodes(index: int, **fields: Any) -> tuple[Any, ...]:
    """Return the nodes of `linear` with fields of one of them changed."""
    return replaced(model_of(linear()).graphs[0].nodes, index, **fields)


def values(index: int, **fields: Any) -> tuple[Any, ...]:
    """Return the values of `linear` with fields of one of them changed."""
    return replaced(model_of(linear()).graphs[0].values, index, **fields)


def attribute(*attrs: AttrRecord, op: str = "acme::any") -> bytes:
    """Return the file of a network whose only node has these attributes."""
    graph = Graph("attributes")
    x = graph.add_input("x", TensorType("float32", (1, 2, 4, 4)))
    graph.mark_output(
        add(graph, "y", op, [x], x.type, {"kernel_size": 2} if "p" in op else {})
    )
    return changed_graph(
        graph, lambda record: record._replace(nodes=replaced(record.nodes, 0, attrs=attrs))
    )


def kind(name: str) -> int:
    return ATTRIBUTE_KINDS.index(name)


def test_24_cycle() -> None:
    message = r"graphs\[0\]\.nodes\[0\]\.inputs\[0\]: 'h' reads 'y' before it is computed"
    refuses(message, nodes=nodes(0, inputs=(4, 1, 2)))
    refuses("'h' reads 'h' before", nodes=nodes(0, inputs=(3, 1, 2)))


def test_24_forward_reference() -> None:
    refuses("'y' reads 'h' before it is computed", nodes=nodes(0)[::-1])


@pytest.mark.parametrize("index", [-2, 5, 2**31 - 1, -(2**31)])
def test_25_dangling_or_negative_id(index: int) -> None:
    refuses(
        rf"nodes\[0\]\.inputs\[1\]: there is no value {index}",
        nodes=nodes(0, inputs=(0, index)),
    )
    refuses(
        rf"nodes\[1\]\.outputs\[0\]: there is no value {index}",
        nodes=nodes(1, outputs=(index,)),
    )
    refuses(rf"inputs\[0\]: there is no value {index}", inputs=(index,))
    refuses(rf"outputs\[0\]: there is no value {index}", outputs=(index,))


def test_25_absent_where_nothing_can_be_absent() -> None:
    refuses(r"outputs\[0\]: there is no value -1", nodes=nodes(1, outputs=(-1,)))
    refuses(r"inputs\[0\]: there is no value -1", inputs=(-1,))
    refuses("the input 'weight' is missing", ArgumentError, nodes=nodes(0, inputs=(0, -1)))


@pytest.mark.parametrize("index", [2, 2**32 - 1])
def test_25_operator_that_is_not_there(index: int) -> None:
    refuses(rf"nodes\[1\]\.op: 'y' is of operator {index} \(of 2\)", nodes=nodes(1, op=index))


@pytest.mark.parametrize("index", [-2, 2, 2**31 - 1])
def test_25_tensor_that_is_not_there(index: int) -> None:
    refuses(rf"values\[1\]: 'w' has tensor {index}", values=values(1, tensor=index))


def test_26_value_written_twice() -> None:
    refuses(r"nodes\[1\]\.outputs\[0\]: 'h' is computed already", nodes=nodes(1, outputs=(3,)))
    refuses("'w' is computed already", nodes=nodes(1, outputs=(1,)))
    refuses("'x' is computed already", nodes=nodes(1, outputs=(0,)))
    refuses("'h' is computed already", nodes=nodes(0, outputs=(3, 3)))
    refuses(r"graphs\[0\]\.inputs\[1\]: 'x' is computed already", inputs=(0, 0))
    refuses(r"graphs\[0\]\.inputs\[1\]: 'w' is computed already", inputs=(0, 1))


def test_27_duplicate_names() -> None:
    refuses(r"values\[4\]: the name 'x' is there twice", values=values(4, name="x"))
    refuses(r"nodes\[1\]: the name 'h' is there twice", nodes=nodes(1, name="h"))


def test_27_empty_names() -> None:
    refuses(r"values\[4\]: a value needs a name", values=values(4, name=""))
    refuses(r"values\[1\]: a value needs a name", values=values(1, name=""))
    refuses(r"nodes\[1\]: a node needs a name", nodes=nodes(1, name=""))


def test_28_arity() -> None:
    where = r'graphs\[0\]\.nodes\[0\], linear "h": '
    refuses(
        where + "the input 'weight' is missing", ArgumentError, nodes=nodes(0, inputs=(0,))
    )
    refuses(
        where + "4 inputs; linear takes 3", ArgumentError, nodes=nodes(0, inputs=(0, 1, 2, 0))
    )


def test_28_outputs() -> None:
    refuses(r"nodes\[1\]\.outputs: 'y' computes nothing", nodes=nodes(1, outputs=()))
    refuses("2 outputs; relu has 1", ArgumentError, nodes=(
        nodes(0)[0], nodes(1, outputs=(4, 5))[1],
    ), values=(*values(0), values(4, name="z")[4]))  # fmt: skip


def test_29_unknown_operator_opens_and_saves_unchanged() -> None:
    data = wnnx.to_bytes(everything())
    graph = wnnx.from_bytes(data)
    assert graph.node("odd").op == "acme::odd"
    assert wnnx.to_bytes(graph) == data


def test_29_unknown_operator_or_version_only_refuses_to_run() -> None:
    from wnnx.errors import UnknownOpError
    from wnnx.ops.registry import schema_of_node

    def later(model: ModelRecord) -> ModelRecord:
        return model._replace(ops=replaced(model.ops, 1, version=7))

    data = changed(linear(), later)
    graph = wnnx.from_bytes(data)
    assert wnnx.to_bytes(graph) == data
    assert graph.node("y").version == 7
    with pytest.raises(UnknownOpError, match="is version 7 of the operator"):
        schema_of_node(graph.node("y"))
    with pytest.raises(UnknownOpError, match="no operator is named 'acme::odd'"):
        schema_of_node(everything().node("odd"))


@pytest.mark.parametrize(
    "op", [OpRecord("", "", 1), OpRecord("a::b", "c"), OpRecord("", "a::b")]
)
def test_29_operator_that_has_no_name(op: OpRecord) -> None:
    data = changed(linear(), lambda model: model._replace(ops=(model.ops[0], op)))
    with pytest.raises(GraphError, match=r"ops\[1\]: operator .* expected a name"):
        wnnx.from_bytes(data)


def test_29_operator_declared_twice() -> None:
    data = changed(linear(), lambda model: model._replace(ops=(model.ops[0], model.ops[0])))
    with pytest.raises(GraphError, match=r"ops\[1\]: the operator .* is there twice"):
        wnnx.from_bytes(data)


def test_30_graph_output_nobody_computes() -> None:
    refuses(r"values\[4\]: nobody computes 'y'", nodes=nodes(0)[:1])
    refuses(r"values\[0\]: nobody computes 'x'", inputs=(), nodes=nodes(0, inputs=(1, 1, 2)))


def test_30_no_output() -> None:
    refuses(r"graphs\[0\]\.outputs: the graph 'linear' has no output", outputs=())


def test_30_output_twice() -> None:
    refuses(r"outputs\[1\]: the output 4 is there twice", outputs=(4, 4))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            AttrRecord("kernel_size", kind("floats"), floats=(2.0,)),
            "expected int, found float",
        ),
        (AttrRecord("kernel_size", kind("string"), strings=("2",)), "expected int, found str"),
        (AttrRecord("kernel_size", kind("ints"), ints=(1, 2, 3)), "has 3 numbers"),
        (
            AttrRecord("kernel_sise", kind("int"), ints=(2,)),
            "there is no attribute 'kernel_sise'",
        ),
    ],
)
def test_31_attribute_of_the_wrong_kind_for_its_operator(
    record: AttrRecord, message: str
) -> None:
    where = r'graphs\[0\]\.nodes\[0\], max_pool "y": '
    with pytest.raises(ArgumentError, match=where + ".*" + message):
        wnnx.from_bytes(attribute(record, op="max_pool"))


def test_31_required_attribute_missing() -> None:
    with pytest.raises(ArgumentError, match="the attribute 'kernel_size' is missing"):
        wnnx.from_bytes(attribute(op="max_pool"))


@pytest.mark.parametrize(
    "record",
    [
        AttrRecord("a", kind("int")),
        AttrRecord("a", kind("int"), ints=(1, 2)),
        AttrRecord("a", kind("float"), ints=(1,)),
        AttrRecord("a", kind("string"), ints=(1,)),
        AttrRecord("a", kind("bool"), ints=(2,)),
        AttrRecord("a", kind("bool"), ints=(1, 0)),
    ],
    ids=str,
)
def test_31_single_value_that_is_none(record: AttrRecord) -> None:
    with pytest.raises(
        GraphError, match=r"attribute 'a': a single .* valid values; expected 1"
    ):
        wnnx.from_bytes(attribute(record))


def test_31_unknown_kind() -> None:
    with pytest.raises(FormatError, match=r"nodes\[0\]\.attrs\[0\]\.kind: 10 is unknown here"):
        wnnx.from_bytes(attribute(AttrRecord("a", 10)))


def test_31_unknown_precision() -> None:
    refuses(
        r"nodes\[1\]\.precision: 3 is unknown here", FormatError, nodes=nodes(1, precision=3)
    )


def test_31_attribute_twice() -> None:
    record = AttrRecord("a", kind("int"), ints=(1,))
    with pytest.raises(GraphError, match=r"attrs\[1\]: the attribute 'a' is there twice"):
        wnnx.from_bytes(attribute(record, record))


@pytest.mark.parametrize(
    ("ints", "strings", "error", "message"),
    [
        ((-1, 2), ("N",), GraphError, "2 extents with 1 texts"),
        ((5, 2), ("N", ""), GraphError, "expected -1 beside each text"),
        ((-1,), ("N +",), DimError, "is not a dimension"),
        ((-1,), ("__import__('os')",), DimError, "is not a dimension"),
        ((-1,), ("N // 0",), DimError, "zero"),
        ((-1,), ("(" * 450,), DimError, "is not a dimension|parentheses"),
        ((-1,), ("N" * 5000,), DimError, "5000 characters"),
    ],
)
def test_31_dims_that_are_none(
    ints: tuple[int, ...], strings: tuple[str, ...], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error, match=message):
        wnnx.from_bytes(attribute(AttrRecord("a", kind("dims"), ints=ints, strings=strings)))
    refuses(message, error, values=values(4, shape=ints, dim_names=strings))


def test_32_bodies_sixteen_deep_come_back() -> None:
    graph = nested(16)
    assert described(wnnx.from_bytes(wnnx.to_bytes(graph))) == described(graph)


def test_32_bodies_seventeen_deep() -> None:
    with pytest.raises(GraphError, match="more than 16 deep"):
        wnnx.to_bytes(nested(17))

    def deeper(model: ModelRecord) -> ModelRecord:
        last = model.graphs[-1]
        attrs = (AttrRecord("body", kind("graph"), graph=len(model.graphs)),)
        outer = last._replace(nodes=replaced(last.nodes, 0, attrs=attrs))
        tensor = model.tensors[-1]._replace(offset=model.tensors[-1].offset + 64)
        inner = last._replace(values=replaced(last.values, 2, tensor=len(model.tensors)))
        return model._replace(
            graphs=(*model.graphs[:-1], outer, inner), tensors=(*model.tensors, tensor)
        )

    with pytest.raises(LimitError, match="more than 16 deep"):
        wnnx.from_bytes(changed(nested(16), deeper))


@pytest.mark.parametrize("target", [0, 1, -1, 3, 2**31 - 1])
def test_32_recursion(target: int) -> None:
    """The body of the second graph's node may only be the third graph."""

    def change(model: ModelRecord) -> ModelRecord:
        graph = model.graphs[1]
        attrs = (AttrRecord("body", kind("graph"), graph=target),)
        graph = graph._replace(nodes=replaced(graph.nodes, 0, attrs=attrs))
        return model._replace(graphs=(model.graphs[0], graph, model.graphs[2]))

    with pytest.raises(GraphError, match=r"graphs\[1\]\.nodes\[0\], attribute 'body'"):
        wnnx.from_bytes(changed(nested(3), change))


def test_32_body_of_nobody_or_of_two() -> None:
    def lost(model: ModelRecord) -> ModelRecord:
        graph = model.graphs[1]._replace(nodes=replaced(model.graphs[1].nodes, 0, attrs=()))
        return model._replace(graphs=(model.graphs[0], graph, model.graphs[2]))

    with pytest.raises(GraphError, match=r"graphs\[2\]: it is the body of no node"):
        wnnx.from_bytes(changed(nested(3), lost))

    graph, shared = linear(), body("shared")
    y = graph.value("y")
    z = add(graph, "z", "acme::if", [y], y.type, {"then": shared, "otherwise": shared})
    graph.mark_output(z)
    with pytest.raises(GraphError, match="is the body of two nodes"):
        wnnx.to_bytes(graph)


def test_32_body_that_holds_itself() -> None:
    graph = body("self")
    graph.nodes[0].attributes["body"] = graph
    with pytest.raises(GraphError, match="or of itself"):
        wnnx.to_bytes(graph)


def test_metadata_key_twice() -> None:
    data = changed(everything(), lambda m: m._replace(metadata=(m.metadata[0], m.metadata[0])))
    with pytest.raises(GraphError, match=r"metadata\[1\]: the key 'author' is there twice"):
        wnnx.from_bytes(data)


def test_a_node_may_have_several_outputs_and_absent_inputs() -> None:
    graph = linear()
    outputs = [Value("p", SCALAR), Value("q", SCALAR)]
    graph.add_node(Node("pq", "acme::two", [None, graph.value("y"), None], outputs, {}))
    graph.add_constant(Constant("unused", np.zeros(3)))
    graph.mark_output(outputs[1])
    assert described(wnnx.from_bytes(wnnx.to_bytes(graph))) == described(graph)
