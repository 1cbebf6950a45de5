"""Recurrent layers, in numpy: a loop over time for each direction."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np

from wnnx import ops
from wnnx.errors import KernelError
from wnnx.ops.cells import ACTIVATIONS, BACKWARD, Direction
from wnnx.types import Array
from wnnxruntime.registry import kernel

Function: TypeAlias = Callable[[Array], Array]
# From a direction's weights and functions, a step's input and the states before it, to the
# states after it; the first of them is the step's output.
Cell: TypeAlias = Callable[..., tuple[Array, ...]]

# By the names of ACTIVATIONS, as functions of alpha, beta and x.
_BY_NAME: Mapping[str, Callable[[float, float, Array], Array]] = {
    "affine": lambda alpha, beta, x: alpha * x + beta,
    "elu": lambda alpha, _, x: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    "hardsigmoid": lambda alpha, beta, x: np.clip(alpha * x + beta, 0, 1),
    "leaky_relu": lambda alpha, _, x: np.where(x > 0, x, alpha * x),
    "relu": lambda _alpha, _beta, x: np.maximum(x, 0),
    "scaled_tanh": lambda alpha, beta, x: alpha * np.tanh(beta * x),
    # This form neither overflows nor loses small results.
    "sigmoid": lambda _alpha, _beta, x: np.exp(-np.logaddexp(x.dtype.type(0), -x)),
    "softplus": lambda _alpha, _beta, x: np.logaddexp(x.dtype.type(0), x),
    "softsign": lambda _alpha, _beta, x: x / (1 + np.abs(x)),
    "tanh": lambda _alpha, _beta, x: np.tanh(x),
    "threshold": lambda alpha, _, x: np.where(x > alpha, x, 0),
}


@kernel(ops.lstm)
def lstm(
    x: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None,
    bias_hh: Array | None,
    h_0: Array | None,
    c_0: Array | None,
    lengths: Array | None,
    peephole: Array | None,
    *,
    direction: Direction,
    batch_first: bool,
    activations: tuple[str, ...],
    activation_alpha: tuple[float, ...],
    activation_beta: tuple[float, ...],
    clip: float | None,
    input_forget: bool,
) -> tuple[Array, ...]:
    """Run the cell over time; its states are `h` and `c`."""
    weights = [weight_ih, weight_hh, *_filled(weight_hh, bias_ih, bias_hh)]
    if peephole is None:
        peephole = np.zeros(len(weight_hh) // 4 * 3, x.dtype)
    return _run(
        partial(_lstm_cell, clip=clip, input_forget=input_forget),
        x,
        [*weights, peephole],
        [h_0, c_0],
        lengths,
        _functions(activations, activation_alpha, activation_beta, every=3),
        direction,
        batch_first=batch_first,
    )


@kernel(ops.gru)
def gru(
    x: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None,
    bias_hh: Array | None,
    h_0: Array | None,
    lengths: Array | None,
    *,
    direction: Direction,
    batch_first: bool,
    activations: tuple[str, ...],
    activation_alpha: tuple[float, ...],
    activation_beta: tuple[float, ...],
    clip: float | None,
    linear_before_reset: bool,
) -> tuple[Array, ...]:
    """Run the cell over time; its state is `h`."""
    return _run(
        partial(_gru_cell, clip=clip, linear_before_reset=linear_before_reset),
        x,
        [weight_ih, weight_hh, *_filled(weight_hh, bias_ih, bias_hh)],
        [h_0],
        lengths,
        _functions(activations, activation_alpha, activation_beta, every=2),
        direction,
        batch_first=batch_first,
    )


@kernel(ops.rnn)
def rnn(
    x: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None,
    bias_hh: Array | None,
    h_0: Array | None,
    lengths: Array | None,
    *,
    direction: Direction,
    batch_first: bool,
    activations: tuple[str, ...],
    activation_alpha: tuple[float, ...],
    activation_beta: tuple[float, ...],
    clip: float | None,
) -> tuple[Array, ...]:
    """Run the cell over time; its state is `h`."""
    return _run(
        partial(_rnn_cell, clip=clip),
        x,
        [weight_ih, weight_hh, *_filled(weight_hh, bias_ih, bias_hh)],
        [h_0],
        lengths,
        _functions(activations, activation_alpha, activation_beta, every=1),
        direction,
        batch_first=batch_first,
    )


def _lstm_cell(
    weights: Sequence[Array],
    functions: Sequence[Function],
    x: Array,
    h: Array,
    c: Array,
    *,
    clip: float | None,
    input_forget: bool,
) -> tuple[Array, Array]:
    """Return `h` and `c` after one step."""
    weight_ih, weight_hh, bias_ih, bias_hh, peephole = weights
    gate, cell, output = functions
    sums = x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh
    i, f, g, o = np.split(sums, 4, axis=-1)
    p_i, p_f, p_o = np.split(peephole, 3)
    i = gate(_held(i + p_i * c, clip))
    f = 1 - i if input_forget else gate(_held(f + p_f * c, clip))
    c = f * c + i * cell(_held(g, clip))
    o = gate(_held(o + p_o * c, clip))
    return o * output(c), c


def _gru_cell(
    weights: Sequence[Array],
    functions: Sequence[Function],
    x: Array,
    h: Array,
    *,
    clip: float | None,
    linear_before_reset: bool,
) -> tuple[Array]:
    """Return `h` after one step."""
    weight_ih, weight_hh, bias_ih, bias_hh = weights
    gate, output = functions
    x_r, x_z, x_n = np.split(x @ weight_ih.T + bias_ih, 3, axis=-1)
    h_r, h_z, h_n = np.split(h @ weight_hh.T + bias_hh, 3, axis=-1)
    r = gate(_held(x_r + h_r, clip))
    z = gate(_held(x_z + h_z, clip))
    if linear_before_reset:
        h_n = r * h_n
    else:
        h_n = (r * h) @ np.split(weight_hh, 3)[2].T + np.split(bias_hh, 3)[2]
    n = output(_held(x_n + h_n, clip))
    return ((1 - z) * n + z * h,)


def _rnn_cell(
    weights: Sequence[Array],
    functions: Sequence[Function],
    x: Array,
    h: Array,
    *,
    clip: float | None,
) -> tuple[Array]:
    """Return `h` after one step."""
    weight_ih, weight_hh, bias_ih, bias_hh = weights
    sums = x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh
    return (functions[0](_held(sums, clip)),)


def _run(
    cell: Cell,
    x: Array,
    weights: Sequence[Array],
    initial: Sequence[Array | None],
    lengths: Array | None,
    functions: Sequence[Sequence[Function]],
    direction: Direction,
    *,
    batch_first: bool,
) -> tuple[Array, ...]:
    """Run a cell in every direction; return the outputs side by side, and the last states."""
    x = x.swapaxes(0, 1) if batch_first else x
    directions = BACKWARD[direction]
    zeros = np.zeros((len(directions), x.shape[1], weights[1].shape[1]), x.dtype)
    starts = [zeros if states is None else states for states in initial]
    lasts: list[tuple[Array, ...]] = []
    outputs: list[Array] = []
    for i, backward in enumerate(directions):
        own = [np.split(stacked, len(directions))[i] for stacked in weights]
        step = partial(cell, own, functions[i % len(functions)])
        y, last = _scan(step, x, [s[i] for s in starts], lengths, backward=backward)
        outputs.append(y)
        lasts.append(last)
    y = np.concatenate(outputs, axis=-1)
    return y.swapaxes(0, 1) if batch_first else y, *map(np.stack, zip(*lasts, strict=True))


def _scan(
    step: Cell,
    x: Array,
    states: Sequence[Array],
    lengths: Array | None,
    *,
    backward: bool,
) -> tuple[Array, tuple[Array, ...]]:
    """Return every output and the last states; where a sequence is over nothing changes."""
    steps = np.full(x.shape[1:2], len(x)) if lengths is None else lengths
    wrong = steps[(steps < 0) | (steps > len(x))]
    if wrong.size:
        raise KernelError(f"a sequence of {wrong[0]} steps; expected from 0 to {len(x)}")
    y = np.zeros((*x.shape[:2], states[0].shape[-1]), x.dtype)
    moments = range(len(x) if y.size else 0)
    for t in reversed(moments) if backward else moments:
        running = (t < steps)[:, np.newaxis]
        new = step(x[t], *states)
        states = [np.where(running, a, b) for a, b in zip(new, states, strict=True)]
        y[t] = np.where(running, states[0], 0)
    return y, tuple(states)


def _filled(weight: Array, *biases: Array | None) -> list[Array]:
    """Return biases, zeros in place of those left out."""
    return [np.zeros(len(weight), weight.dtype) if bias is None else bias for bias in biases]


def _held(x: Array, clip: float | None) -> Array:
    return x if clip is None else np.clip(x, -clip, clip)


def _functions(
    names: Sequence[str], alpha: Sequence[float], beta: Sequence[float], *, every: int
) -> list[list[Function]]:
    """Return the functions of each direction, or only once what holds for all."""
    found: list[Function] = []
    for i, name in enumerate(names):
        a, b = ACTIVATIONS[name]
        a, b = alpha[i] if alpha else a, beta[i] if beta else b
        found.append(partial(_BY_NAME[name], a, b))
    return [found[i : i + every] for i in range(0, len(found), every)]
