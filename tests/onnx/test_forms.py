"""Forms of ONNX operators that its own node tests lack: old opsets, symbolic extents, weights
that are computed. ONNX Runtime says what each gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import nnbuilder as nn
from nnbuilder.importers.onnx.converters import Call, CannotConvertError, find_converter
from tests.runtime.onnx_node import onnx_node
from tests.samples.sample import normal
from wnnx.dim_text import as_dim
from wnnx.dims import DimLike
from wnnx.graph import Value
from wnnx.types import Array, TensorType
from wnnxruntime import Session

for family in (
    "movement", "selection", "scatter", "generation", "conversion", "vision", "recurrent",
    "attention",
):  # fmt: skip
    import_module(f"nnbuilder.importers.onnx.operators.{family}")


@dataclass(frozen=True)
class Form:
    """One node: `constants` are the inputs known at import, `shapes` those with symbols."""

    op: str
    opset: int
    inputs: Sequence[Any]
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    constants: Sequence[int] = ()
    shapes: Mapping[int, Sequence[DimLike]] = field(
        default_factory=dict[int, Sequence[DimLike]]
    )
    outputs: int = 1

    @property
    def given(self) -> dict[str, Array | None]:
        """The inputs by name."""
        return {
            f"i{i}": None if x is None else np.asarray(x) for i, x in enumerate(self.inputs)
        }


def run(form: Form) -> list[Array]:
    """Return what the converted node gives."""
    b = nn.Builder("form")
    inputs: list[Value | None] = []
    feeds: dict[str, Array] = {}
    for i, (name, x) in enumerate(form.given.items()):
        if x is None:
            inputs.append(None)
        elif i in form.constants:
            inputs.append(b.constant(x, name))
        else:
            feeds[name] = x
            shape = tuple(map(as_dim, form.shapes.get(i, x.shape)))
            inputs.append(b.graph.add_input(name, TensorType(x.dtype.name, shape)))
    wanted = (True,) * form.outputs
    attributes = dict(form.attributes)
    call = Call(b, form.op, form.opset, "node", tuple(inputs), attributes, wanted)
    converter = find_converter(form.op, form.opset)
    assert converter is not None
    found = converter(call)
    for i, value in enumerate([found] if isinstance(found, Value) else found):
        b.output(value, name=f"y{i}")
    return list(Session(b.graph).run(feeds).values())


def ints(*numbers: int) -> Array:
    """Return integers as ONNX has them."""
    return np.array(numbers, np.int64)


def floats(*numbers: float) -> Array:
    """Return float32 numbers."""
    return np.array(numbers, np.float32)


X = normal(2, 3, 4)
PICTURE = normal(1, 2, 5, 7)
SCALES = floats(1, 1, 2, 0.6)
NONE = floats()
INT32_MAX, INT64_MAX = 2**31 - 1, 2**63 - 1

FORMS = [
    Form("Slice", 9, [X], {"starts": [1, -3], "ends": [INT32_MAX, -1]}),
    Form("Slice", 9, [X], {"starts": [1], "ends": [INT32_MAX], "axes": [1]}),
    Form(
        "Slice", 11, [X, ints(0, -1), ints(INT64_MAX, -(2**63)), ints(0, 2), ints(2, -2)],
        constants=(1, 2, 3, 4), shapes={0: ("N", 3, "W")},
    ),
    Form(
        "Slice", 13, [X, ints(-1), ints(-(2**31)), ints(0), ints(-1)],
        constants=(1, 2, 3, 4), shapes={0: ("N", 3, "W")},
    ),
    Form("Pad", 10, [X], {"pads": [0, 1, 2, 0, 0, -1], "value": 1.5}),
    Form("Pad", 10, [X], {"pads": [0, 1, 2, 0, 0, 1], "mode": "reflect"}),
    Form("Pad", 18, [X, ints(1, 2, 0, 3), np.float32(7), ints(-1, 0)], constants=(1, 2, 3)),
    Form("Pad", 19, [X, ints(1, 2, 0, 1), None, ints(-1, 0)], {"mode": "wrap"}, (1, 3)),
    Form("Squeeze", 11, [X[:, :1]], {"axes": [1]}),
    Form("Squeeze", 11, [X[:, :1]]),
    Form("Squeeze", 13, [X[:, :1]]),
    Form("Unsqueeze", 11, [X], {"axes": [0, -1]}),
    Form("Unsqueeze", 13, [X, ints(0, -1)], constants=(1,), shapes={0: ("N", 3, 4)}),
    Form("Split", 11, [X], {"split": [1, 3], "axis": 2}, outputs=2),
    Form("Split", 7, [X], {"axis": 2}, outputs=2),
    Form("Split", 18, [normal(7)], {"num_outputs": 3}, outputs=3, shapes={0: ("N",)}),
    Form("Split", 18, [X, ints(2)], constants=(1,)),
    *(
        Form("Flatten", 13, [X], {"axis": axis}, shapes={0: ("N", 3, "W")})
        for axis in range(-3, 4)
    ),
    Form("Flatten", 13, [normal(3)]),
    Form("Reshape", 13, [X, ints(0, -1)], constants=(1,), shapes={0: ("N", 3, 4)}),
    Form("Reshape", 13, [X, ints(0, 0, 2, -1)], constants=(1,), shapes={0: ("N", "C", 4)}),
    Form("Expand", 13, [normal(3, 1), ints(2, 1, 4)], {}, (1,), {0: ("N", 1)}),
    Form("Expand", 13, [normal(2, 3, 1), ints(4)], {}, (1,)),
    Form("Tile", 13, [normal(3, 1), ints(2, 3)], {}, (1,), {0: ("N", 1)}),
    Form("Upsample", 7, [PICTURE], {"scales": [1.0, 1.0, 2.0, 1.5], "mode": "linear"}),
    Form("Upsample", 7, [PICTURE], {"scales": [1.0, 1.0, 2.0, 1.5]}),
    Form("Upsample", 9, [PICTURE, floats(1, 1, 2, 1.5)], {"mode": "linear"}, (1,)),
    Form("Resize", 10, [PICTURE, SCALES], {"mode": "linear"}, (1,)),
    Form("Resize", 10, [PICTURE, SCALES], {}, (1,)),
    Form("Resize", 10, [PICTURE, floats(1, 1, 0.4, 0.6)], {}, (1,)),
    Form("Resize", 11, [PICTURE, NONE, SCALES], {}, (1, 2)),
    Form(
        "Resize", 11, [PICTURE, NONE, NONE, ints(1, 2, 9, 3)], {"mode": "cubic"}, (1, 2, 3),
        {0: ("N", 2, "H", 7)},
    ),
    Form(
        "Resize", 11, [PICTURE, NONE, SCALES],
        {"coordinate_transformation_mode": "tf_half_pixel_for_nn", "nearest_mode": "floor"},
        (1, 2),
    ),
    Form(
        "Resize", 19, [PICTURE, None, None, ints(10, 10)],
        {
            "mode": "linear", "axes": [2, 3], "antialias": 1,
            "keep_aspect_ratio_policy": "not_larger",
        },
        (3,),
    ),
    Form("GridSample", 16, [PICTURE, normal(1, 3, 4, 2)], {"mode": "bicubic"}),
    *(
        Form(
            "RoiAlign", opset,
            [normal(1, 2, 8, 8), floats(1, 1, 5, 6.5, 0, 2, 7, 4).reshape(2, 4), ints(0, 0)],
            {"output_height": 2, "output_width": 3},
        )
        for opset in (10, 16)
    ),
    Form("NonMaxSuppression", 11, [np.abs(normal(1, 6, 4)), normal(1, 2, 6)]),
    Form(
        "NonMaxSuppression", 11,
        [np.abs(normal(1, 6, 4)), normal(1, 2, 6), ints(3), floats(0.5)], {}, (2, 3),
    ),
    Form("OneHot", 11, [ints(0, 2, -1), ints(3), normal(2)], {}, (1,)),
    Form("OneHot", 11, [floats(0, 2, -1), floats(3), normal(2)], {"axis": 0}, (1, 2)),
    Form("Range", 11, list(map(np.float32, (1, 3.2, 0.5))), {}, (0, 1, 2)),
    Form("Shape", 15, [X], {"start": -2}, shapes={0: ("N", 3, "W")}),
    Form("Shape", 15, [X], {"start": 1, "end": -1}, shapes={0: ("N", 3, "W")}),
    Form("Size", 13, [X], shapes={0: ("N", 3, "W")}),
    Form("Trilu", 14, [normal(3, 4), np.array(1)]),
    Form("Trilu", 14, [normal(3, 4), np.array(-1)], {"upper": 0}, (1,)),
    Form("Scatter", 9, [normal(3, 4), ints(0, 1, 2, 0).reshape(1, 4), normal(1, 4)]),
    Form("EyeLike", 9, [normal(3, 4)], {"k": 1, "dtype": 7}, shapes={0: ("N", "M")}),
    Form(
        "Attention", 23,
        [normal(2, 4, 12), normal(2, 6, 6), normal(2, 6, 6), normal(4, 6) > 0],
        {"q_num_heads": 4, "kv_num_heads": 2}, outputs=4,
        shapes={0: ("N", "L", 12), 1: ("N", "S", 6), 2: ("N", "S", 6), 3: ("L", "S")},
    ),
]  # fmt: skip


@pytest.mark.onnx
@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.op}-{form.opset}")
def test_forms_are_onnx_runtimes(form: Form) -> None:
    check(form)


@pytest.mark.onnx
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize(
    ("op", "gates", "states"), [("LSTM", 4, 2), ("GRU", 3, 1), ("RNN", 1, 1)]
)
def test_recurrent_layers_are_onnx_runtimes(
    op: str, gates: int, states: int, direction: str, *, known: bool
) -> None:
    count, hidden = (2 if direction == "bidirectional" else 1), 3
    rows = gates * hidden
    weights = [(rows, 5), (rows, hidden), (2 * rows,)]
    inputs = [
        normal(4, 2, 5),
        *(normal(count, *shape, seed=1 + i) for i, shape in enumerate(weights)),
        np.array([4, 2], np.int32),
        *(normal(count, 2, hidden, seed=4 + i) for i in range(states)),
    ]
    constants = [1, 2, 3]
    if op == "LSTM":
        inputs.append(normal(count, 3 * hidden, seed=6))
        constants.append(7)
    functions = ["HardSigmoid", "Affine", "Elu"][: {"LSTM": 3, "GRU": 2, "RNN": 1}[op]]
    attributes: dict[str, Any] = {"hidden_size": hidden, "direction": direction}
    named = {
        **attributes,
        "activations": functions * count,
        "activation_alpha": [0.3, 0.6, 0.5][: len(functions)] * count,
        "activation_beta": [0.4, 0.1][: len(functions)] * count,
        "clip": 0.7,
    }
    known_at_import = constants if known else ()
    for given in (attributes, named):
        check(Form(op, 14, inputs, given, known_at_import, {0: ("L", "N", 5)}, 1 + states))


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (
            Form("Reshape", 13, [X, ints(2, 12)]),
            "the shape is computed at run time; it must be constant here",
        ),
        (
            Form("Unsqueeze", 13, [X]),
            "the axes are missing",
        ),
        (
            Form("Cast", 13, [X], {"to": 8}),
            "element type 8 of ONNX has no counterpart here",
        ),
        (
            Form("RNN", 14, [X, X, X], {"activations": ["Sine"]}),
            "the activation Sine has no counterpart here",
        ),
        (
            Form(
                "Attention", 23, [normal(1, 1, 2, 2)] * 4,
                {"softcap": 2.0, "qk_matmul_output_mode": 2}, outputs=4,
            ),
            "qk_matmul_output_mode=2 with both softcap and a mask: versions of ONNX differ on "
            "which of them goes first",
        ),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_says_why(form: Form, reason: str) -> None:
    with pytest.raises(CannotConvertError) as error:
        run(form)
    assert str(error.value) == reason


def check(form: Form) -> None:
    """Compare a form with ONNX Runtime."""
    names = [f"o{i}" for i in range(form.outputs)]
    expected = onnx_node(form.op, form.given, names, opset=form.opset, **form.attributes)
    for ours, theirs in zip(run(form), expected, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5, strict=True)
