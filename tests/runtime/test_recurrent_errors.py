"""Everything that a recurrent layer refuses."""

from typing import Any

import numpy as np
import pytest

from tests.runtime.test_recurrent import RULES, infer, run
from tests.samples.sample import normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.ops.registry import Rule

X, IH, HH = (5, 2, 3), (16, 3), (16, 4)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (
            [(5, 3), IH, HH],
            '"input0" (5, 3) has 2 axes; expected 3, sequence, batch and features',
        ),
        (
            [X, IH, (1, 16, 4)],
            '"input2" (1, 16, 4) has 3 axes; expected 2, (directions * 4 * hidden, hidden)',
        ),
        (
            [X, IH, (12, 4)],
            'weight_hh "input2" (12, 4) takes a state of 4, and would have 16 rows for '
            "direction='forward'",
        ),
        (
            [X, (16, 4), HH],
            'weight_ih "input1" (16, 4) does not fit "input0" (5, 2, 3); expected (16, 3)',
        ),
        (
            [X, IH, HH, (4,)],
            'bias_ih "input3" (4,) does not fit "input2" (16, 4); expected (16,)',
        ),
        (
            [X, IH, HH, None, (1, 16)],
            'bias_hh "input4" (1, 16) does not fit "input2" (16, 4); expected (16,)',
        ),
        (
            [X, IH, HH, None, None, (2, 4)],
            'h_0 "input5" (2, 4) does not fit "input0" (5, 2, 3); expected (1, 2, 4)',
        ),
        (
            [X, IH, HH, None, None, None, (2, 2, 4)],
            'c_0 "input6" (2, 2, 4) does not fit "input0" (5, 2, 3); expected (1, 2, 4)',
        ),
        (
            [X, IH, HH, None, None, None, None, None, (16,)],
            'peephole "input8" (16,) does not fit "input2" (16, 4); expected (12,)',
        ),
    ],
)
def test_shapes_that_do_not_fit(shapes: Any, message: str) -> None:
    with pytest.raises(ShapeError) as error:
        infer(ops.lstm, *shapes)
    assert str(error.value) == message


def test_two_directions_need_the_rows_of_both() -> None:
    with pytest.raises(ShapeError) as error:
        infer(ops.lstm, X, IH, HH, direction="bidirectional")
    assert str(error.value) == (
        'weight_hh "input2" (16, 4) takes a state of 4, and would have 32 rows for '
        "direction='bidirectional'"
    )


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"direction": "backward"},
            "direction='backward' is not one of 'forward', 'reverse', 'bidirectional'",
        ),
        (
            {"activations": ("sigmoid", "tanh")},
            "activations=('sigmoid', 'tanh') has 2 names; expected 3, or 3 for each direction "
            "of 'forward'",
        ),
        (
            {"activations": ("sigmoid", "tanh", "Tanh")},
            "activations=('sigmoid', 'tanh', 'Tanh'): 'Tanh' is none of affine, elu, "
            "hardsigmoid, leaky_relu, relu, scaled_tanh, sigmoid, softplus, softsign, tanh, "
            "threshold; did you mean 'tanh' or 'scaled_tanh'?",
        ),
        (
            {"activation_alpha": 0.1},
            "activation_alpha=(0.1,) has 1 numbers; expected one for each of the 3 "
            "activations, or none",
        ),
        (
            {"activation_beta": (1, 2, 3, 4)},
            "activation_beta=(1.0, 2.0, 3.0, 4.0) has 4 numbers; expected one for each of the "
            "3 activations, or none",
        ),
        ({"clip": 0.0}, "clip=0.0; expected more than 0, or None for no bounds"),
        ({"clip": float("nan")}, "clip=nan; expected more than 0, or None for no bounds"),
    ],
)
def test_attributes_out_of_range(attributes: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(ops.lstm, X, IH, HH, **attributes)
    assert str(error.value) == message


@pytest.mark.parametrize("rule", RULES)
def test_element_types_must_go_together(rule: Rule) -> None:
    rows = {"lstm": 16, "gru": 12, "rnn": 4}[rule.__name__]
    x, weight_ih, weight_hh = normal(5, 2, 3), normal(rows, 3), normal(rows, 4)
    with pytest.raises(DTypeError, match=r'^"input0" is int64; expected one of bfloat16'):
        run(rule, x.astype(np.int64), weight_ih, weight_hh)
    with pytest.raises(
        DTypeError, match=r'^weight_hh "input2" is float64, but the layer computes float32'
    ):
        run(rule, x, weight_ih, weight_hh.astype(float))
    with pytest.raises(
        DTypeError, match=r'^h_0 "input5" is float64, but the layer computes float32; cast it$'
    ):
        run(rule, x, weight_ih, weight_hh, None, None, np.zeros((1, 2, 4)))
    place = 7 if rule is ops.lstm else 6
    absent = [None] * (place - 3)
    with pytest.raises(
        DTypeError, match=rf'^"input{place}" is float32; expected one of int16'
    ):
        run(rule, x, weight_ih, weight_hh, *absent, normal(2))
    with pytest.raises(ShapeError) as error:
        run(rule, x, weight_ih, weight_hh, *absent, np.array([5, 5, 5]))
    assert str(error.value) == (
        f'lengths "input{place}" (3,) does not fit "input0" (5, 2, 3); expected (2,)'
    )
