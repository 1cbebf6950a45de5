"""Axes merged, moved, added and removed: what is refused, known values, symbols."""

from typing import Any

import numpy as np
import pytest

import nnbuilder as nn
from tests.runtime.agreement import infer, run
from tests.samples.sample import normal
from wnnx import ops
from wnnx.dims import symbol
from wnnx.errors import ShapeError
from wnnx.graph import Value
from wnnx.ops.registry import Rule, schema_of
from wnnx.types import Shape, TensorType, shape_text

N = symbol("N")


@pytest.mark.parametrize(
    ("rule", "shape", "attributes", "message"),
    [
        (
            ops.reshape,
            (2, 6),
            {"shape": (-1, -1)},
            '"input0" (2, 6) does not reshape to (-1, -1): at most one extent may be -1',
        ),
        (
            ops.reshape,
            (2, 6),
            {"shape": (5, -1)},
            '"input0" (2, 6) does not reshape to (5, -1): 12 elements are no multiple of 5',
        ),
        (
            ops.reshape,
            (2, 6),
            {"shape": (3, 5)},
            '"input0" (2, 6) does not reshape to (3, 5): 12 elements against 15',
        ),
        (
            ops.reshape,
            ("N", 6),
            {"shape": ("6*N + 1",)},
            '"input0" (N, 6) does not reshape to (6*N + 1,): 6*N elements against 6*N + 1',
        ),
        (
            ops.reshape,
            (0, 6),
            {"shape": (0, -1)},
            '"input0" (0, 6) does not reshape to (0, -1): next to an extent of 0, -1 could be '
            "anything",
        ),
        (
            ops.reshape,
            (2, 6),
            {"shape": (-2, 6)},
            '"input0" (2, 6) does not reshape to (-2, 6): an extent is 0 or more, or -1 for '
            "what the others leave",
        ),
        (
            ops.reshape,
            (1,),
            {"shape": (1,) * 9},
            "9 axes (1, 1, 1, 1, 1, 1, 1, 1, 1); at most 8 are allowed",
        ),
        (
            ops.flatten,
            (2, 3),
            {"start_dim": 2},
            'start_dim=2 is out of range for "input0" (2, 3): -2 to 1',
        ),
        (
            ops.flatten,
            (2, 3),
            {"end_dim": -3},
            'end_dim=-3 is out of range for "input0" (2, 3): -2 to 1',
        ),
        (
            ops.flatten,
            (2, 3, 4),
            {"start_dim": 2, "end_dim": 1},
            'end_dim=1 comes before start_dim=2 in "input0" (2, 3, 4)',
        ),
        (
            ops.permute,
            (2, 3),
            {"dims": (0, 2)},
            'dims=2 is out of range for "input0" (2, 3): -2 to 1',
        ),
        (
            ops.permute,
            (2, 3),
            {"dims": (1, -1)},
            'dims=(1, -1) names an axis of "input0" twice',
        ),
        (
            ops.permute,
            (2, 3),
            {"dims": (1,)},
            'dims=(1,) names 1 axes, but "input0" (2, 3) has 2; name each once',
        ),
        (
            ops.squeeze,
            (2, 1),
            {"dim": 2},
            'dim=2 is out of range for "input0" (2, 1): -2 to 1',
        ),
        (
            ops.squeeze,
            (2, 1),
            {"dim": (0, 1)},
            'axis 0 of "input0" (2, 1) has extent 2; only an extent of 1 can be squeezed',
        ),
        (
            ops.squeeze,
            ("N", 1),
            {},
            '"input0" (N, 1): N may be 1 in one run and not in another; name the axes to '
            "remove with dim=",
        ),
        (
            ops.unsqueeze,
            (2, 3),
            {"dim": 3},
            "dim=3 is out of range for the result: -3 to 2",
        ),
        (
            ops.unsqueeze,
            (2, 3),
            {"dim": (0, -4)},
            "dim=(0, -4) names an axis of the result twice",
        ),
        (
            ops.expand,
            (2, 3),
            {"shape": (4, 3)},
            '"input0" (2, 3) does not expand to (4, 3): only an extent of 1 can be repeated, '
            "not 2",
        ),
        (
            ops.expand,
            (2, 3),
            {"shape": (3,)},
            '"input0" (2, 3) does not expand to (3,): it has more axes',
        ),
        (
            ops.expand,
            (2, 3),
            {"shape": (-1, 2, 3)},
            '"input0" (2, 3) does not expand to (-1, 2, 3): -1 keeps an extent, '
            "and a new axis "
            "has none",
        ),
        (
            ops.expand,
            (1,),
            {"shape": (-2,)},
            "shape (-2,) has the negative extent -2",
        ),
        (
            ops.expand,
            (1,),
            {"shape": (2**40,)},
            f"shape (1099511627776,) has {2**40} elements; at most 2147483647 are allowed",
        ),
        (
            ops.expand,
            (1, 1),
            {"shape": (2**32, 2**32)},
            f"shape (4294967296, 4294967296) has {2**64} elements; at most "
            "2147483647 are allowed",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    rule: Rule, shape: tuple[Any, ...], attributes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ShapeError) as raised:
        infer(rule, [shape], **attributes)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("rule", "shape", "attributes", "expected"),
    [
        (ops.reshape, ("N", 3, 4), {"shape": ("N", -1)}, "(N, 12)"),
        (ops.reshape, ("N", 3, 4), {"shape": (-1, 4)}, "(3*N, 4)"),
        (ops.reshape, ("N", 3, 4), {"shape": (-1, 8)}, "((3*N)//2, 8)"),
        (ops.reshape, ("N", "C", "H", "W"), {"shape": ("N", "C", -1)}, "(N, C, H*W)"),
        (ops.reshape, ("N", 12), {"shape": ("N", "2*2", "3")}, "(N, 4, 3)"),
        (ops.reshape, ("N", "N + 1"), {"shape": (-1,)}, "(N*N + N,)"),
        (ops.reshape, (12,), {"shape": ("M", -1)}, "(M, 12//M)"),
        (ops.flatten, ("N", "C", "H", "W"), {"start_dim": 1}, "(N, C*H*W)"),
        (ops.flatten, ("N", 0), {}, "(0,)"),
        (ops.permute, ("N", "C", "H"), {"dims": (0, -1, 1)}, "(N, H, C)"),
        (ops.squeeze, ("N", "M", 3), {"dim": 1}, "(N, 3)"),
        (ops.unsqueeze, ("N", 3), {"dim": (1, -1)}, "(N, 1, 3, 1)"),
        (ops.expand, ("N", 1), {"shape": (2, -1, "M")}, "(2, N, M)"),
        (ops.expand, ("N", 1), {"shape": (4, 1)}, "(4, 1)"),
    ],
)
def test_symbolic_shapes(
    rule: Rule, shape: tuple[Any, ...], attributes: dict[str, Any], expected: str
) -> None:
    assert shape_text(infer(rule, [shape], **attributes)) == expected


def test_squeeze_without_dim_removes_every_axis_of_extent_1() -> None:
    x = normal(1, 2, 1, 3, 1)
    np.testing.assert_array_equal(run(ops.squeeze, x), x.reshape(2, 3))


def test_a_squeezed_symbol_that_is_not_1_fails_when_the_network_runs() -> None:
    schema = schema_of(ops.squeeze)
    assert infer(ops.squeeze, [("N", 3)], dim=0) == (3,)
    x = Value("x", TensorType("float32", (2, 3)))
    with pytest.raises(ShapeError, match=r"axis 0 .* has extent 2"):
        schema.infer([x], schema.normalize([x], {"dim": 0}))


def test_results_share_the_memory_of_their_input() -> None:
    """Moving elements costs nothing until something reads them."""
    x = normal(4, 1, 3)
    for rule, attributes in (
        (ops.reshape, {"shape": (3, 4)}),
        (ops.flatten, {}),
        (ops.permute, {"dims": (2, 0, 1)}),
        (ops.squeeze, {"dim": 1}),
        (ops.unsqueeze, {"dim": 0}),
        (ops.expand, {"shape": (4, 9, 3)}),
    ):
        assert np.shares_memory(run(rule, x, **attributes), x)


def value_after(rule: Rule, x: TensorType, **attributes: Any) -> Any:
    """Return the shape of the result, and what it is known to hold."""
    operand = Value("x", x)
    schema = schema_of(rule)
    result = schema.infer([operand], schema.normalize([operand], attributes))[0]
    return result.shape, result.value


@pytest.mark.parametrize(
    ("rule", "attributes", "shape", "value"),
    [
        (ops.reshape, {"shape": (4, 1)}, (4, 1), (N, 2, 3, 4)),
        (ops.flatten, {}, (4,), (N, 2, 3, 4)),
        (ops.permute, {"dims": (1, 0)}, (2, 2), (N, 3, 2, 4)),
        (ops.unsqueeze, {"dim": 0}, (1, 2, 2), (N, 2, 3, 4)),
        (ops.expand, {"shape": (2, 2, 2)}, (2, 2, 2), (N, 2, 3, 4) * 2),
        (ops.expand, {"shape": (99, 2, 2)}, (99, 2, 2), None),
    ],
)
def test_known_values_move_along(
    rule: Rule, attributes: dict[str, Any], shape: Shape, value: Shape | None
) -> None:
    x = TensorType("int64", (2, 2), (N, 2, 3, 4))
    assert value_after(rule, x, **attributes) == (shape, value)


def test_squeeze_keeps_known_values() -> None:
    assert value_after(ops.squeeze, TensorType("int64", (1,), (N,)), dim=0) == ((), (N,))


def test_shape_arithmetic_of_an_exporter_keeps_its_symbols() -> None:
    """What PyTorch's exporter writes for `x.reshape(x.shape[0], -1)`, step by step."""
    b = nn.Builder()
    x = b.input("x", ("N", "C", "H", "W"))
    shape = b.shape(x)
    batch = b.unsqueeze(b.gather(shape, nn.constant(np.array(0))), dim=0)
    rest = b.cast(b.slice(shape, starts=1, stops=3, dims=0), dtype="int32")
    new = b.cat(batch, b.cast(rest, dtype="int64"), nn.constant(np.array([-1])))
    assert new.type.value == (*x.shape[:3], -1)
    first, last = b.split(b.identity(new), sizes=(1, 3))
    assert first.type.value == x.shape[:1]
    assert last.type.value == (*x.shape[1:3], -1)
