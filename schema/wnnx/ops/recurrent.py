"""Recurrent layers: one layer a call, over a whole sequence, in one or both directions.

Weights are laid out as PyTorch's `state_dict` has them: `weight_ih` (gates * hidden, in) and
`weight_hh` (gates * hidden, hidden), one block of rows per gate, in PyTorch's order of gates.
A bidirectional layer has the rows of the reverse direction below those of the forward one:
`np.concatenate([w["weight_ih_l0"], w["weight_ih_l0_reverse"]])`, and so on. Nothing is
rearranged for weights that PyTorch wrote, and there is one layout whatever the direction.

ONNX has W (directions, gates * hidden, in), R likewise, and a B that holds both biases side
by side, with the gates in another order: i, o, f, c for LSTM (here i, f, g, o), z, r, h for
GRU (here r, z, n), and peepholes in the order i, o, f (here i, f, o). To convert: reorder the
blocks of rows, then join the directions; the first half of B is `bias_ih`, the second
`bias_hh`. Its Y (L, directions, N, hidden) is `y` with the last axis taken apart, and moved.
"""

from typing import Unpack

from wnnx.graph import Value
from wnnx.ops.attributes import Floats, NodeOptions, Strings
from wnnx.ops.cells import (
    BACKWARD,
    Direction,
    require_activations,
    require_clip,
    require_part,
    require_weights,
    sequence_types,
)
from wnnx.ops.registry import op
from wnnx.types import TensorType


@op(half_weights=("weight_ih", "weight_hh"))
def lstm(
    x: Value,
    weight_ih: Value,
    weight_hh: Value,
    bias_ih: Value | None = None,
    bias_hh: Value | None = None,
    h_0: Value | None = None,
    c_0: Value | None = None,
    lengths: Value | None = None,
    peephole: Value | None = None,
    *,
    direction: Direction = "forward",
    batch_first: bool = False,
    activations: Strings = ("sigmoid", "tanh", "tanh"),
    activation_alpha: Floats = (),
    activation_beta: Floats = (),
    clip: float | None = None,
    input_forget: bool = False,
    **node: Unpack[NodeOptions],
) -> tuple[TensorType, TensorType, TensorType]:
    """Run one layer of long short-term memory over a sequence.

    From each step's `x` and the state `h`, `c` of the step before it, with f = sigmoid and
    k = l = tanh unless `activations` says otherwise, `W` and `b` for both weights and biases:

        i = f(W_i [x, h] + b_i + p_i * c)
        f = f(W_f [x, h] + b_f + p_f * c)      or 1 - i with `input_forget`
        g = k(W_g [x, h] + b_g)
        c' = f * c + i * g
        o = f(W_o [x, h] + b_o + p_o * c')
        h' = o * l(c')

    Semantics: torch.nn.LSTM with one layer, and what ONNX LSTM has beyond it. The weights are
    PyTorch's, gates in the order i, f, g, o; `wnnx.ops.recurrent` says how ONNX's convert. A
    float16 weight next to a float32 `x` is widened as it is read.

    Args:
        x: (L, N, in), floating point; (N, L, in) with `batch_first`.
        weight_ih: (directions * 4 * hidden, in).
        weight_hh: (directions * 4 * hidden, hidden).
        bias_ih: (directions * 4 * hidden,), or none.
        bias_hh: Likewise; the two are added.
        h_0: (directions, N, hidden), where `h` begins; none for 0.
        c_0: Likewise, where `c` begins.
        lengths: (N,), integers from 0 to L: how many steps each sequence has; none for all L.
            The reverse direction begins at a sequence's own last step. Behind it `y` is 0.
        peephole: (directions * 3 * hidden,), the weights p of the gates i, f, o; none for 0.
        direction: "forward", "reverse" or "bidirectional".
        batch_first: Whether the batch is the first axis of `x` and `y`; not of the states.
        activations: The names of f, k and l: three for every direction, or three for each;
            `wnnx.ops.cells.ACTIVATIONS` lists them.
        activation_alpha: One for each of `activations`, or none for their defaults; functions
            without an alpha ignore theirs.
        activation_beta: Likewise.
        clip: What f and k are given is held between -clip and clip; None for no bounds.
        input_forget: Whether the forget gate is 1 - i.
        **node: The layer's name and precision.

    Returns:
        `y` (L, N, directions * hidden), every `h'`, or (N, L, directions * hidden) with
        `batch_first`; the last `h'` and the last `c'` of each sequence, (directions, N,
        hidden) each. In float32 where `x` or `weight_ih` is, else in their element type.

    Raises:
        ShapeError: if the shapes do not go together.
        ArgumentError: if a function is unknown, there are too few or too many, or `clip` is
            not above 0.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    require_activations(3, direction, activations, activation_alpha, activation_beta)
    hidden, dtype = require_weights(4, direction, x, weight_ih, weight_hh, bias_ih, bias_hh)
    require_clip(clip)
    rows = len(BACKWARD[direction]) * 3 * hidden
    require_part("peephole", peephole, (rows,), dtype, weight_hh)
    y, state = sequence_types(x, hidden, lengths, dtype, direction, batch_first=batch_first)
    require_part("h_0", h_0, state.shape, dtype, x)
    require_part("c_0", c_0, state.shape, dtype, x)
    return y, state, state


@op(half_weights=("weight_ih", "weight_hh"))
def gru(
    x: Value,
    weight_ih: Value,
    weight_hh: Value,
    bias_ih: Value | None = None,
    bias_hh: Value | None = None,
    h_0: Value | None = None,
    lengths: Value | None = None,
    *,
    direction: Direction = "forward",
    batch_first: bool = False,
    activations: Strings = ("sigmoid", "tanh"),
    activation_alpha: Floats = (),
    activation_beta: Floats = (),
    clip: float | None = None,
    linear_before_reset: bool = True,
    **node: Unpack[NodeOptions],
) -> tuple[TensorType, TensorType]:
    """Run one layer of gated recurrent units over a sequence.

    From each step's `x` and the state `h` of the step before it, with f = sigmoid and k = tanh
    unless `activations` says otherwise, W and b being weight_ih and bias_ih, R and s being
    weight_hh and bias_hh:

        r = f(W_r x + b_r + R_r h + s_r)
        z = f(W_z x + b_z + R_z h + s_z)
        n = k(W_n x + b_n + r * (R_n h + s_n))
        h' = (1 - z) * n + z * h

    Without `linear_before_reset`, `n = k(W_n x + b_n + R_n (r * h) + s_n)`.

    Semantics: torch.nn.GRU with one layer, and what ONNX GRU has beyond it, whose default is
    without `linear_before_reset`. The weights are PyTorch's, gates in the order r, z, n;
    `wnnx.ops.recurrent` says how ONNX's convert. A float16 weight next to a float32 `x` is
    widened as it is read.

    Args:
        x: (L, N, in), floating point; (N, L, in) with `batch_first`.
        weight_ih: (directions * 3 * hidden, in).
        weight_hh: (directions * 3 * hidden, hidden).
        bias_ih: (directions * 3 * hidden,), or none.
        bias_hh: Likewise.
        h_0: (directions, N, hidden), where `h` begins; none for 0.
        lengths: (N,), integers from 0 to L: how many steps each sequence has; none for all L.
            The reverse direction begins at a sequence's own last step. Behind it `y` is 0.
        direction: "forward", "reverse" or "bidirectional".
        batch_first: Whether the batch is the first axis of `x` and `y`; not of the state.
        activations: The names of f and k: two for every direction, or two for each;
            `wnnx.ops.cells.ACTIVATIONS` lists them.
        activation_alpha: One for each of `activations`, or none for their defaults; functions
            without an alpha ignore theirs.
        activation_beta: Likewise.
        clip: What f and k are given is held between -clip and clip; None for no bounds.
        linear_before_reset: Whether the reset gate comes after the matrix.
        **node: The layer's name and precision.

    Returns:
        `y` (L, N, directions * hidden), every `h'`, or (N, L, directions * hidden) with
        `batch_first`; the last `h'` of each sequence, (directions, N, hidden). In float32
        where `x` or `weight_ih` is, else in their element type.

    Raises:
        ShapeError: if the shapes do not go together.
        ArgumentError: if a function is unknown, there are too few or too many, or `clip` is
            not above 0.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    require_activations(2, direction, activations, activation_alpha, activation_beta)
    hidden, dtype = require_weights(3, direction, x, weight_ih, weight_hh, bias_ih, bias_hh)
    require_clip(clip)
    y, state = sequence_types(x, hidden, lengths, dtype, direction, batch_first=batch_first)
    require_part("h_0", h_0, state.shape, dtype, x)
    return y, state


@op(half_weights=("weight_ih", "weight_hh"))
def rnn(
    x: Value,
    weight_ih: Value,
    weight_hh: Value,
    bias_ih: Value | None = None,
    bias_hh: Value | None = None,
    h_0: Value | None = None,
    lengths: Value | None = None,
    *,
    direction: Direction = "forward",
    batch_first: bool = False,
    activations: Strings = ("tanh",),
    activation_alpha: Floats = (),
    activation_beta: Floats = (),
    clip: float | None = None,
    **node: Unpack[NodeOptions],
) -> tuple[TensorType, TensorType]:
    """Run one layer of Elman's recurrent network over a sequence.

    From each step's `x` and the state `h` of the step before it, with f = tanh unless
    `activations` says otherwise: `h' = f(weight_ih x + bias_ih + weight_hh h + bias_hh)`.

    Semantics: torch.nn.RNN with one layer, and what ONNX RNN has beyond it. The weights are
    PyTorch's; `wnnx.ops.recurrent` says how ONNX's convert. A float16 weight next to a float32
    `x` is widened as it is read.

    Args:
        x: (L, N, in), floating point; (N, L, in) with `batch_first`.
        weight_ih: (directions * hidden, in).
        weight_hh: (directions * hidden, hidden).
        bias_ih: (directions * hidden,), or none.
        bias_hh: Likewise; the two are added.
        h_0: (directions, N, hidden), where `h` begins; none for 0.
        lengths: (N,), integers from 0 to L: how many steps each sequence has; none for all L.
            The reverse direction begins at a sequence's own last step. Behind it `y` is 0.
        direction: "forward", "reverse" or "bidirectional".
        batch_first: Whether the batch is the first axis of `x` and `y`; not of the state.
        activations: The name of f: one for every direction, or one for each;
            `wnnx.ops.cells.ACTIVATIONS` lists them.
        activation_alpha: One for each of `activations`, or none for their defaults; functions
            without an alpha ignore theirs.
        activation_beta: Likewise.
        clip: What f is given is held between -clip and clip; None for no bounds.
        **node: The layer's name and precision.

    Returns:
        `y` (L, N, directions * hidden), every `h'`, or (N, L, directions * hidden) with
        `batch_first`; the last `h'` of each sequence, (directions, N, hidden). In float32
        where `x` or `weight_ih` is, else in their element type.

    Raises:
        ShapeError: if the shapes do not go together.
        ArgumentError: if a function is unknown, there are too few or too many, or `clip` is
            not above 0.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    require_activations(1, direction, activations, activation_alpha, activation_beta)
    hidden, dtype = require_weights(1, direction, x, weight_ih, weight_hh, bias_ih, bias_hh)
    require_clip(clip)
    y, state = sequence_types(x, hidden, lengths, dtype, direction, batch_first=batch_first)
    require_part("h_0", h_0, state.shape, dtype, x)
    return y, state
