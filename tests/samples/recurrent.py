"""Recurrent layers, beside PyTorch's with weights as their state_dict has them."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, normal
from wnnx import ops
from wnnx.ops.registry import Rule
from wnnx.types import Array

STEPS, BATCH, SIZE, HIDDEN = 5, 3, 2, 4
GATES = {"lstm": 4, "gru": 3, "rnn": 1}
LENGTHS = np.array([2, 5, 1])


def layer(torch: Any, name: str, inputs: tuple[Any, ...], attributes: dict[str, Any]) -> Any:
    """Return PyTorch's layer with these weights."""
    x, weight_ih, weight_hh, bias_ih, bias_hh = inputs[:5]
    both = attributes.get("direction") == "bidirectional"
    options = (
        {"nonlinearity": attributes["activations"]} if "activations" in attributes else {}
    )
    made = getattr(torch.nn, name.upper())(
        x.shape[-1],
        weight_hh.shape[-1],
        bias=bias_ih is not None or bias_hh is not None,
        bidirectional=both,
        batch_first=attributes.get("batch_first", False),
        dtype=x.dtype,
        **options,
    )
    weights = {"weight_ih": weight_ih, "weight_hh": weight_hh}
    if made.bias:
        zeros = torch.zeros(weight_hh.shape[:1], dtype=x.dtype)
        weights["bias_ih"] = zeros if bias_ih is None else bias_ih
        weights["bias_hh"] = zeros if bias_hh is None else bias_hh
    suffixes = ("_l0", "_l0_reverse")[: 1 + both]
    made.load_state_dict({
        f"{weight}{suffix}": part
        for weight, stacked in weights.items()
        for suffix, part in zip(suffixes, stacked.chunk(len(suffixes)), strict=True)
    })
    return made


def oracle(torch: Any, name: str, inputs: tuple[Any, ...], attributes: dict[str, Any]) -> Any:
    """Return what PyTorch's layer gives: `y` and the last states."""
    x, (*states, lengths) = inputs[0], inputs[5:]
    if name != "lstm":
        states = states[:1]
    backward = attributes.get("direction") == "reverse"
    time = 1 if attributes.get("batch_first") else 0
    called = layer(torch, name, inputs, attributes)
    zeros = torch.zeros(
        1 + called.bidirectional, x.shape[1 - time], called.hidden_size, dtype=x.dtype
    )
    initial = tuple(zeros if state is None else state for state in states)
    with torch.no_grad():
        if lengths is None:
            x = x.flip(time) if backward else x
            y, last = called(x, initial if name == "lstm" else initial[0])
            y = y.flip(time) if backward else y
        else:
            packed = torch.nn.utils.rnn.pack_padded_sequence(
                x, lengths, batch_first=called.batch_first, enforce_sorted=False
            )
            y, last = called(packed, initial if name == "lstm" else initial[0])
            y, _ = torch.nn.utils.rnn.pad_packed_sequence(
                y, batch_first=called.batch_first, total_length=x.shape[time]
            )
    return (y, *last) if name == "lstm" else (y, last)


def weights(name: str, directions: int = 1) -> tuple[Array, Array, Array, Array]:
    """Return weight_ih, weight_hh, bias_ih and bias_hh."""
    rows = directions * GATES[name] * HIDDEN
    return (
        normal(rows, SIZE, seed=1),
        normal(rows, HIDDEN, seed=2, scale=0.5),
        normal(rows, seed=3),
        normal(rows, seed=4),
    )


def states(name: str, directions: int = 1) -> list[Array]:
    """Return where the states begin."""
    count = 2 if name == "lstm" else 1
    return [normal(directions, BATCH, HIDDEN, seed=5 + i) for i in range(count)]


def sample(
    rule: Rule,
    label: str,
    x: Array,
    weights: tuple[Array | None, ...],
    initial: list[Array] | None = None,
    lengths: Array | None = None,
    **attributes: Any,
) -> Sample:
    """Return a call of `rule` beside PyTorch's layer."""
    name = rule.__name__
    absent: list[Array | None] = [None] * (2 if name == "lstm" else 1)
    inputs = (x, *weights, *(initial or absent), lengths)

    def run(torch: Any, *tensors: Any) -> Any:
        return oracle(torch, name, tensors, attributes)

    return Sample(rule, inputs, run, attributes, label)


def samples(rule: Rule) -> list[Sample]:
    """Return calls in every direction, with and without the optional inputs."""
    name = rule.__name__
    one, two = weights(name), weights(name, 2)
    x, first = normal(STEPS, BATCH, SIZE), normal(BATCH, STEPS, SIZE)
    both: dict[str, Any] = {"direction": "bidirectional"}
    return [
        sample(rule, "forward", x, one),
        sample(rule, "state", x, one, states(name)),
        sample(rule, "no-bias", x, (*one[:2], None, None), states(name)),
        sample(rule, "one-bias", x, (*one[:2], None, one[3])),
        sample(rule, "reverse", x, one, states(name), direction="reverse"),
        sample(rule, "both", x, two, states(name, 2), **both),
        sample(rule, "batch-first", first, one, states(name), batch_first=True),
        sample(
            rule, "both-batch-first", first, two, states(name, 2), batch_first=True, **both
        ),
        sample(rule, "lengths", x, one, states(name), LENGTHS),
        sample(rule, "both-lengths", x, two, states(name, 2), LENGTHS, **both),
        sample(rule, "lengths-batch-first", first, one, None, LENGTHS, batch_first=True),
        sample(rule, "empty-batch", normal(STEPS, 0, SIZE), one),
        sample(rule, "large", x * 100, one),
    ]


SAMPLES = [
    *samples(ops.lstm),
    *samples(ops.gru),
    *samples(ops.rnn),
    sample(ops.rnn, "relu", normal(STEPS, BATCH, SIZE), weights("rnn"), activations="relu"),
]
