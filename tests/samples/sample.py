"""One example call of an operator, with the PyTorch call that must give the same numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wnnx.graph import Value
from wnnx.ops.registry import OpSchema, Rule, schema_of
from wnnx.types import Array


@dataclass(frozen=True)
class Sample:
    """A call of `rule` on `inputs`.

    `oracle(torch, *inputs)` computes the same in PyTorch; `attributes` are as a user writes
    them. A sample runs as it is, and with its float32 inputs as float64.
    """

    rule: Rule
    inputs: tuple[Array | None, ...]
    oracle: Callable[..., Any]
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    label: str = ""

    @property
    def schema(self) -> OpSchema:
        return schema_of(self.rule)

    @property
    def id(self) -> str:
        shapes = "-".join(_shape_text(x) for x in self.inputs)
        return f"{self.schema.name}-{self.label or shapes}"


def _shape_text(x: Array | None) -> str:
    return "none" if x is None else "x".join(map(str, x.shape)) or "scalar"


def namesake(rule: Rule, *inputs: Array, label: str = "", **attributes: Any) -> Sample:
    """Return a call of `rule` beside PyTorch's function of that name and attributes."""
    name = rule.__name__

    def oracle(torch: Any, *tensors: Any) -> Any:
        function = getattr(torch, name, None) or getattr(torch.nn.functional, name)
        return function(*tensors, **attributes)

    return Sample(rule, inputs, oracle, attributes, label)


def spatial_namesake(rule: Rule, label: str, *inputs: Array, **attributes: Any) -> Sample:
    """Return a call of `rule` beside PyTorch's function for as many axes: conv2d, say."""
    name = f"{rule.__name__}{inputs[0].ndim - 2}d"

    def oracle(torch: Any, *tensors: Any) -> Any:
        return getattr(torch.nn.functional, name)(*tensors, **attributes)

    return Sample(rule, inputs, oracle, attributes, label)


def normal(*shape: int, seed: int = 0, scale: float = 1.0) -> Array:
    """Return float32 numbers around 0, the same on every machine."""
    return (np.random.default_rng(seed).normal(size=shape) * scale).astype(np.float32)


def positive(*shape: int, seed: int = 0) -> Array:
    """Return float32 numbers between 0.1 and 2."""
    return np.random.default_rng(seed).uniform(0.1, 2, size=shape).astype(np.float32)


def integers(*shape: int, seed: int = 0, low: int = -9, high: int = 9) -> Array:
    """Return int64 numbers from `low` up to, without, `high`."""
    return np.random.default_rng(seed).integers(low, high, size=shape)


def values(inputs: Sequence[Any]) -> list[Value | None]:
    """Return inputs as free values, small integer tensors knowing what they hold."""
    from wnnx.graph import Constant

    names = "xyzwabcd"
    return [
        None if x is None else Constant(names[i], np.asarray(x)) for i, x in enumerate(inputs)
    ]
