"""Recurrent layers: random calls against PyTorch and ONNX Runtime, and everything refused."""

from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import nnbuilder as nn
from tests.runtime.onnx_node import onnx_node
from tests.samples.recurrent import oracle
from tests.samples.sample import normal
from wnnx import ops
from wnnx.dim_text import as_dim
from wnnx.dims import DimLike
from wnnx.errors import KernelError
from wnnx.graph import Value
from wnnx.ops.cells import ACTIVATIONS
from wnnx.ops.registry import Rule, schema_of
from wnnx.types import Array, TensorType, shape_text
from wnnxruntime import Session
from wnnxruntime.compute import compute

Inputs: TypeAlias = tuple[Array | None, ...]
RULES: list[Rule] = [ops.lstm, ops.gru, ops.rnn]
DIRECTIONS = st.sampled_from(["forward", "reverse", "bidirectional"])
# Of each layer: the gates in our order as they follow each other in ONNX's, and its functions.
GATES = {"lstm": (0, 3, 1, 2), "gru": (1, 0, 2), "rnn": (0,)}
FUNCTIONS = {"lstm": 3, "gru": 2, "rnn": 1}
STATES = {"lstm": 2, "gru": 1, "rnn": 1}
NAMES = {
    "affine": "Affine", "elu": "Elu", "hardsigmoid": "HardSigmoid", "leaky_relu": "LeakyRelu",
    "relu": "Relu", "scaled_tanh": "ScaledTanh", "sigmoid": "Sigmoid", "softplus": "Softplus",
    "softsign": "Softsign", "tanh": "Tanh", "threshold": "ThresholdedRelu",
}  # fmt: skip
WITH_ALPHA = {"affine", "elu", "hardsigmoid", "leaky_relu", "scaled_tanh", "threshold"}
WITH_BETA = {"affine", "hardsigmoid", "scaled_tanh"}


def run(rule: Rule, *inputs: Array | None, **attributes: Any) -> list[Array]:
    """Run the reference kernel; `compute` fails where the rule says another type or shape."""
    operands = [
        None if x is None else Value(f"input{i}", TensorType(x.dtype.name, x.shape))
        for i, x in enumerate(inputs)
    ]
    schema = schema_of(rule)
    stored = schema.normalize(operands, attributes)
    return compute(schema, inputs, stored, schema.infer(operands, stored))


def infer(rule: Rule, *shapes: tuple[DimLike, ...] | None, **attributes: Any) -> list[str]:
    """Return the shapes that the rule gives a call with float32 inputs of these shapes."""
    operands = [
        None
        if shape is None
        else Value(f"input{i}", TensorType("float32", tuple(map(as_dim, shape))))
        for i, shape in enumerate(shapes)
    ]
    schema = schema_of(rule)
    types = schema.infer(operands, schema.normalize(operands, attributes))
    return [shape_text(type.shape) for type in types]


@st.composite
def calls(draw: st.DrawFn, rule: Rule) -> tuple[Inputs, dict[str, Any]]:
    """Draw inputs, without lstm's peephole, and what PyTorch and ONNX both have."""
    name = rule.__name__
    steps, batch, size, hidden = (draw(st.integers(1, 4)) for _ in range(4))
    direction = draw(DIRECTIONS)
    directions = 2 if direction == "bidirectional" else 1
    rows = directions * len(GATES[name]) * hidden
    batch_first = draw(st.booleans())
    biases = [normal(rows, seed=3 + i) if draw(st.booleans()) else None for i in range(2)]
    begun = draw(st.booleans())
    states = [
        normal(directions, batch, hidden, seed=5 + i) if begun else None
        for i in range(STATES[name])
    ]
    counts = st.lists(st.integers(1, steps), min_size=batch, max_size=batch)
    lengths = np.array(draw(counts)) if draw(st.booleans()) else None
    inputs = (
        normal(*((batch, steps) if batch_first else (steps, batch)), size),
        normal(rows, size, seed=1),
        normal(rows, hidden, seed=2),
        *biases,
        *states,
        lengths,
    )
    return inputs, {"direction": direction, "batch_first": batch_first}


def without_reverse_lengths(call: tuple[Inputs, dict[str, Any]]) -> bool:
    """PyTorch has no reverse layer; flipping time stands for it with one length for all."""
    return call[0][-1] is None or call[1]["direction"] != "reverse"


@pytest.mark.torch
@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_layers_are_pytorchs(rule: Rule, data: st.DataObject) -> None:
    torch: Any = import_module("torch")
    inputs, attributes = data.draw(calls(rule).filter(without_reverse_lengths))
    inputs = tuple(
        x if x is None or x.dtype != np.float32 else x.astype(float) for x in inputs
    )
    tensors = tuple(None if x is None else torch.from_numpy(x) for x in inputs)
    expected = oracle(torch, rule.__name__, tensors, attributes)
    for ours, theirs in zip(run(rule, *inputs, **attributes), expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-12, atol=1e-12)


def blocks(x: Array, order: tuple[int, ...], directions: int) -> Array:
    """Return rows as ONNX has them: an axis of directions, and the gates in `order`."""
    gates = x.reshape(directions, len(order), -1, *x.shape[1:])
    return gates[:, order].reshape(directions, -1, *x.shape[1:])


def in_onnx(rule: Rule, inputs: Inputs, attributes: dict[str, Any]) -> list[Array]:
    """Return what ONNX Runtime makes of a call, in our layout; `inputs` end in a peephole."""
    name = rule.__name__
    x, weight_ih, weight_hh, bias_ih, bias_hh, *states, lengths, peephole = inputs
    assert x is not None
    assert weight_ih is not None
    assert weight_hh is not None
    ours = dict(attributes)
    directions = 2 if ours["direction"] == "bidirectional" else 1
    zeros = np.zeros(len(weight_hh), np.float32)
    biases = [zeros if bias is None else bias for bias in (bias_ih, bias_hh)]
    batch_first = ours.pop("batch_first")
    given: dict[str, Array | None] = {
        "X": x.swapaxes(0, 1) if batch_first else x,
        "W": blocks(weight_ih, GATES[name], directions),
        "R": blocks(weight_hh, GATES[name], directions),
        "B": np.concatenate([blocks(b, GATES[name], directions) for b in biases], axis=-1),
        "sequence_lens": None if lengths is None else lengths.astype(np.int32),
        **{f"initial_{i}": state for i, state in enumerate(states)},
        "P": None if peephole is None else blocks(peephole, (0, 2, 1), directions),
    }
    if name != "lstm":
        del given["P"]
    outputs = ["Y", "Y_h", "Y_c"][: 1 + STATES[name]]
    y, *last = onnx_node(
        name.upper(), given, outputs, hidden_size=weight_hh.shape[1], **ours_as_onnx(ours)
    )
    y = y.swapaxes(1, 2).reshape(*y.shape[::2], -1)
    return [y.swapaxes(0, 1) if batch_first else y, *last]


def ours_as_onnx(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return attributes with the names of ONNX; alpha and beta only of functions with one."""
    result: dict[str, Any] = {
        name: int(value) if isinstance(value, bool) else value
        for name, value in attributes.items()
    }
    if "activations" in result:
        names = result["activations"]
        result["activations"] = [NAMES[name] for name in names]
        for numbers, takers in (
            ("activation_alpha", WITH_ALPHA),
            ("activation_beta", WITH_BETA),
        ):
            kept = zip(names, result.pop(numbers), strict=True)
            result[numbers] = [number for name, number in kept if name in takers]
    return {name: value for name, value in result.items() if value not in (None, [])}


@st.composite
def onnx_calls(draw: st.DrawFn, rule: Rule) -> tuple[Inputs, dict[str, Any]]:
    """Draw a call with what PyTorch lacks."""
    name = rule.__name__
    inputs, attributes = draw(calls(rule))
    rows = inputs[2]
    assert rows is not None
    with_peephole = name == "lstm" and draw(st.booleans())
    peephole = normal(3 * len(rows) // 4, seed=7) if with_peephole else None
    attributes["clip"] = draw(st.sampled_from([None, 0.3, 2.0]))
    if name == "lstm":
        attributes["input_forget"] = draw(st.booleans())
    if name == "gru":
        attributes["linear_before_reset"] = draw(st.booleans())
    if draw(st.booleans()):
        directions = 2 if attributes["direction"] == "bidirectional" else 1
        count = FUNCTIONS[name] * directions
        choices = [st.sampled_from(sorted(NAMES))] * count
        attributes["activations"] = draw(st.tuples(*choices))
        for numbers in ("activation_alpha", "activation_beta"):
            choices = [st.sampled_from([0.25, 0.5, 0.75])] * count
            attributes[numbers] = draw(st.tuples(*choices))
    return (*inputs, peephole), attributes


@pytest.mark.onnx
@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_pytorch_lacks_is_onnx_runtimes(rule: Rule, data: st.DataObject) -> None:
    inputs, attributes = data.draw(onnx_calls(rule))
    ours = inputs if rule is ops.lstm else inputs[:-1]
    expected = in_onnx(rule, inputs, attributes)
    # Functions without a bound, over several steps, may leave what float32 holds.
    assume(all(np.all(np.abs(theirs) < 1e3) for theirs in expected))
    for found, theirs in zip(run(rule, *ours, **attributes), expected, strict=True):
        limit = 1e-5 * np.max(np.abs(theirs), initial=1)
        np.testing.assert_allclose(found, theirs, rtol=1e-5, atol=limit)


@pytest.mark.torch
@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"affine", "scaled_tanh"}))
def test_functions_are_pytorchs_where_no_alpha_is_given(name: str) -> None:
    torch: Any = import_module("torch")
    x = np.array([-90, -3, -1, -0.2, 0, 0.3, 1, 2, 90]).reshape(-1, 1, 1)
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    y, _ = run(ops.rnn, x, one, zero, activations=name)
    function = getattr(torch.nn.functional, name)
    arguments = (1.0, 0.0) if name == "threshold" else ()
    expected = function(torch.from_numpy(x), *arguments).numpy()
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-16)


def test_affine_and_scaled_tanh_are_their_formulas() -> None:
    x, one, zero = normal(4, 1, 1), np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32)
    numbers = {"activation_alpha": 0.5, "activation_beta": 0.25}
    y, _ = run(ops.rnn, x, one, zero, activations="affine")
    np.testing.assert_array_equal(y, x)
    y, _ = run(ops.rnn, x, one, zero, activations="affine", **numbers)
    np.testing.assert_allclose(y, 0.5 * x + 0.25, rtol=1e-6)
    y, _ = run(ops.rnn, x, one, zero, activations="scaled_tanh")
    np.testing.assert_allclose(y, np.tanh(x), rtol=1e-6)
    y, _ = run(ops.rnn, x, one, zero, activations="scaled_tanh", **numbers)
    np.testing.assert_allclose(y, 0.5 * np.tanh(0.25 * x), rtol=1e-6)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
def test_a_sequence_without_steps_keeps_its_states(rule: Rule, direction: str) -> None:
    directions = 2 if direction == "bidirectional" else 1
    rows = directions * len(GATES[rule.__name__]) * 3
    weights = (normal(rows, 4), normal(rows, 3), None, None)
    states = [normal(directions, 2, 3, seed=i) for i in range(STATES[rule.__name__])]
    lengths = np.array([0, 5], np.int32)
    y, *last = run(rule, normal(5, 2, 4), *weights, *states, lengths, direction=direction)
    np.testing.assert_array_equal(y[:, 0], 0)
    assert np.all(y[:, 1])
    for before, after in zip(states, last, strict=True):
        np.testing.assert_array_equal(after[:, 0], before[:, 0])
        assert np.all(after[:, 1] != before[:, 1])
    y, *last = run(rule, normal(0, 2, 4), *weights, *states, direction=direction)
    assert y.shape == (0, 2, directions * 3)
    for before, after in zip(states, last, strict=True):
        np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize("wrong", [-1, 6])
def test_lengths_beyond_the_sequence_are_refused(wrong: int) -> None:
    lengths = np.array([5, wrong])
    with pytest.raises(KernelError) as error:
        run(ops.gru, normal(5, 2, 4), normal(9, 4), normal(9, 3), None, None, None, lengths)
    assert str(error.value) == f"a sequence of {wrong} steps; expected from 0 to 5"


def test_an_endless_sequence_without_batch_takes_no_time() -> None:
    x = np.empty((2**31 - 1, 0, 0), np.float32)
    y, h = run(ops.rnn, x, np.empty((3, 0), np.float32), normal(3, 3))
    assert (y.shape, h.shape) == ((2**31 - 1, 0, 3), (1, 0, 3))


def test_what_one_sequence_holds_does_not_reach_the_others() -> None:
    x = normal(3, 2, 4)
    expected, *_ = run(ops.lstm, x, normal(12, 4), normal(12, 3))
    x[2, 0] = np.nan
    lengths = np.array([2, 3])
    y, *last = run(ops.lstm, x, normal(12, 4), normal(12, 3), None, None, None, None, lengths)
    np.testing.assert_array_equal(y[:, 1], expected[:, 1])
    np.testing.assert_array_equal(y[:2, 0], expected[:2, 0])
    assert np.all(np.isfinite([y.sum(), *(state.sum() for state in last)]))


@pytest.mark.torch
def test_layers_are_stacked_by_calls_on_a_state_dict_as_it_is() -> None:
    torch: Any = import_module("torch")
    torch.manual_seed(0)
    model = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True)
    w = {name: array.detach().numpy() for name, array in model.named_parameters()}
    b = nn.Builder("stacked")
    x = b.input("x", ("L", "N", 3))
    for i in range(2):
        parts = [
            np.concatenate([w[f"{part}_l{i}"], w[f"{part}_l{i}_reverse"]])
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        ]
        x, *_ = b.lstm(x, *map(nn.constant, parts), direction="bidirectional")
    b.output(x, name="y")
    given = normal(5, 2, 3)
    expected = model(torch.from_numpy(given))[0].detach().numpy()
    found = Session(b.graph).run({"x": given})["y"]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_float16_weights_are_widened_beside_float32(rule: Rule) -> None:
    assert schema_of(rule).half_weights == {"weight_ih", "weight_hh"}
    x, rows = normal(5, 2, 4), 3 * len(GATES[rule.__name__])
    weights = [normal(rows, 4).astype(np.float16), normal(rows, 3).astype(np.float16)]
    bias = normal(rows)
    found = run(rule, x, *weights, bias)
    exact = run(rule, x, *(weight.astype(np.float32) for weight in weights), bias)
    for ours, wide in zip(found, exact, strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_array_equal(ours, wide)


def test_symbolic_shapes_read_as_one_would_write_them() -> None:
    both = {"direction": "bidirectional"}
    found = infer(ops.lstm, ("L", "N", 3), (32, 3), (32, 4), **both)
    assert found == ["(L, N, 8)", "(2, N, 4)", "(2, N, 4)"]
    found = infer(ops.gru, ("N", "L", 3), ("3*H", 3), ("3*H", "H"), batch_first=True)
    assert found == ["(N, L, H)", "(1, N, H)"]
    assert infer(ops.rnn, ("L", 2, 3), (4, 3), (4, 4)) == ["(L, 2, 4)", "(1, 2, 4)"]
