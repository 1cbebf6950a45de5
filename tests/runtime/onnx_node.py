"""One node of ONNX, run by ONNX Runtime: the oracle for what PyTorch lacks."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from wnnx.types import Array


def onnx_node(
    op: str,
    inputs: Mapping[str, Array | None],
    outputs: Sequence[str],
    *,
    opset: int = 23,
    **attributes: Any,
) -> list[Array]:
    """Return the outputs of `op` for inputs by their names in ONNX."""
    onnx: Any = import_module("onnx")
    runtime: Any = import_module("onnxruntime")
    given = {name: x for name, x in inputs.items() if x is not None}
    helper = onnx.helper
    named = [name if name in given else "" for name in inputs]
    node = helper.make_node(op, named, outputs, **attributes)
    graph = helper.make_graph(
        [node],
        op,
        [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape
            )
            for name, x in given.items()
        ],
        [helper.make_empty_tensor_value_info(y) for y in outputs],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10
    )
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(model.SerializeToString(), options)
    found: list[Array] = session.run(None, given)
    return found
