"""Recurrent layers, whose weights ONNX lays out in another way.

ONNX has an axis of directions and its own order of gates, ours has PyTorch's; see
`wnnx.ops.recurrent`. Constant weights are rearranged here, others by layers.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from nnbuilder.builder import Builder
from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.weights.memory import constant
from wnnx.graph import Constant, Value
from wnnx.ops.cells import ACTIVATIONS, BACKWARD, Direction

# Of each layer, where ONNX has our gates, in our order.
LSTM_GATES = (0, 2, 3, 1)  # i, o, f, c
GRU_GATES = (1, 0, 2)  # z, r, h
RNN_GATES = (0,)
PEEPHOLES = (0, 2, 1)  # i, o, f

NAMES = {
    "affine": "affine", "elu": "elu", "hardsigmoid": "hardsigmoid", "leakyrelu": "leaky_relu",
    "relu": "relu", "scaledtanh": "scaled_tanh", "sigmoid": "sigmoid", "softplus": "softplus",
    "softsign": "softsign", "tanh": "tanh", "thresholdedrelu": "threshold",
}  # fmt: skip
WITH_ALPHA = {"affine", "elu", "hardsigmoid", "leaky_relu", "scaled_tanh", "threshold"}
WITH_BETA = {"affine", "hardsigmoid", "scaled_tanh"}
# Where ONNX's defaults are others than ours.
ALPHAS = {"hardsigmoid": 0.2}


class _Parts(NamedTuple):
    """What every recurrent layer takes before its states."""

    x: Value
    weight_ih: Value
    weight_hh: Value
    bias_ih: Value | None
    bias_hh: Value | None


@converts("LSTM")
def lstm(call: Call) -> Sequence[Value]:
    """Convert LSTM."""
    b = call.builder
    with b.scope(call.name):
        peephole = call.optional(7)
        found = b.lstm(
            *_parts(call, LSTM_GATES),
            _state(call, 5),
            _state(call, 6),
            call.optional(4),
            None if peephole is None else _rows(b, peephole, PEEPHOLES),
            input_forget=bool(call.integer("input_forget", 0)),
            **_options(call),
        )
        return _outputs(call, found)


@converts("GRU")
def gru(call: Call) -> Sequence[Value]:
    """Convert GRU."""
    with call.builder.scope(call.name):
        found = call.builder.gru(
            *_parts(call, GRU_GATES),
            _state(call, 5),
            call.optional(4),
            linear_before_reset=bool(call.integer("linear_before_reset", 0)),
            **_options(call),
        )
        return _outputs(call, found)


@converts("RNN")
def rnn(call: Call) -> Sequence[Value]:
    """Convert RNN."""
    with call.builder.scope(call.name):
        found = call.builder.rnn(
            *_parts(call, RNN_GATES), _state(call, 5), call.optional(4), **_options(call)
        )
        return _outputs(call, found)


def _parts(call: Call, gates: tuple[int, ...]) -> _Parts:
    b, bias = call.builder, call.optional(3)
    weights = (_rows(b, call.input(i), gates) for i in (1, 2))
    biases = (None if bias is None else _half(b, bias, gates, i) for i in (0, 1))
    return _Parts(call.input(0), *weights, *biases)


def _rows(b: Builder, weight: Value, gates: tuple[int, ...]) -> Value:
    """Return (directions, gates * hidden, ...) as rows, the gates in our order."""
    count = len(gates)
    if isinstance(weight, Constant):
        extents = weight.array.shape
        blocks = weight.array.reshape(extents[0], count, -1, *extents[2:])
        return constant(blocks[:, gates].reshape(-1, *extents[2:]))
    directions, rows, *rest = weight.shape
    if count > 1:
        apart = b.reshape(weight, shape=(directions, count, rows // count, *rest))
        weight = b.gather(apart, constant(np.array(gates)), dim=1)
    return b.reshape(weight, shape=(directions * rows, *rest))


def _half(b: Builder, bias: Value, gates: tuple[int, ...], half: int) -> Value:
    """Return one half of (directions, 2 * gates * hidden): bias_ih, or bias_hh."""
    if isinstance(bias, Constant):
        halves = np.split(bias.array, 2, axis=1)
        return _rows(b, constant(halves[half]), gates)
    rows = bias.shape[1] // 2
    start = half * rows
    return _rows(b, b.slice(bias, starts=(start,), stops=(start + rows,), dims=1), gates)


def _state(call: Call, position: int) -> Value | None:
    """Return where a state begins; the batch may stand in front of the directions."""
    state = call.optional(position)
    if state is None or not call.integer("layout", 0):
        return state
    return call.builder.permute(state, dims=(1, 0, 2))


def _options(call: Call) -> dict[str, Any]:
    """Return the attributes that all three layers have."""
    direction = call.text("direction", "forward")
    options: dict[str, Any] = {
        "direction": cast("Direction", direction),
        "batch_first": bool(call.integer("layout", 0)),
        "clip": call.number("clip", 0.0) or None,
    }
    named = call.attributes.get("activations")
    if not named:
        return options
    functions = [_function(name) for name in named]
    alphas = _numbers(call, "activation_alpha", functions, WITH_ALPHA, 0)
    betas = _numbers(call, "activation_beta", functions, WITH_BETA, 1)
    return {
        **options,
        "activations": functions,
        "activation_alpha": alphas,
        "activation_beta": betas,
    }


def _function(name: str) -> str:
    if name.lower() not in NAMES:
        raise CannotConvertError(f"the activation {name} has no counterpart here")
    return NAMES[name.lower()]


def _numbers(
    call: Call, attribute: str, functions: Sequence[str], takers: set[str], position: int
) -> list[float]:
    """Return a number for each function; ONNX has one for each that takes one, in order."""
    given = iter(call.attributes.get(attribute, ()))
    defaults = {name: ACTIVATIONS[name][position] for name in functions}
    if attribute == "activation_alpha":
        defaults.update(ALPHAS)
    return [
        float(next(given, defaults[name])) if name in takers else 0.0 for name in functions
    ]


def _outputs(call: Call, found: Sequence[Value]) -> list[Value]:
    """Return Y with an axis of directions, and the last states, as ONNX has them."""
    b, y = call.builder, found[0]
    count = len(BACKWARD[cast("Direction", call.text("direction", "forward"))])
    first = bool(call.integer("layout", 0))
    results = list(found[: len(call.wanted)])
    if call.wanted and call.wanted[0]:
        results[0] = _with_directions(b, y, count, batch_first=first)
    for i in range(1, len(results)):
        if first and call.wanted[i]:
            results[i] = b.permute(results[i], dims=(1, 0, 2))
    return results


def _with_directions(b: Builder, y: Value, count: int, *, batch_first: bool) -> Value:
    """Return (L, directions, N, hidden), or (N, L, directions, hidden)."""
    if count == 1:
        return b.unsqueeze(y, dim=2 if batch_first else 1)
    *front, width = y.shape
    apart = b.reshape(y, shape=(*front, count, width // count))
    return apart if batch_first else b.permute(apart, dims=(0, 2, 1, 3))
