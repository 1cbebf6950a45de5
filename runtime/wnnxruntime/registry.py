"""`@kernel`: a function becomes the implementation of an operator."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from wnnx.errors import ArgumentError, UnknownOpError
from wnnx.graph import suggestion
from wnnx.ops.registry import Rule, schema_of

P = ParamSpec("P")
R = TypeVar("R")

_KERNELS: dict[tuple[str, str], "Kernel"] = {}


@dataclass(frozen=True)
class Kernel:
    """How one backend computes one operator.

    `widens` says that half precision inputs are given to `run` as float32, and that its
    floating point results are rounded back to what the shape rule says.
    """

    op: str
    backend: str
    run: Callable[..., Any]
    widens: bool


def kernel(
    rule: Rule, *, backend: str = "reference", widens: bool = True
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register the decorated function as how `backend` computes the operator of `rule`.

    Its parameters are those of the rule, by the same names and in the same order: arrays for
    inputs (None for one left out), keyword-only attributes in their stored form.

    Args:
        rule: The operator's signature, decorated with `@wnnx.op`.
        backend: "reference" for what the operator means; others stand in for it.
        widens: Whether half precision inputs are widened to float32 for it. A kernel that
            only moves elements says False.

    Returns:
        A decorator that leaves the function as it is.

    Raises:
        ArgumentError: if the parameters are not those of the rule.
    """
    schema = schema_of(rule)

    def register(run: Callable[P, R]) -> Callable[P, R]:
        wanted, found = (
            list(s.parameters) for s in (schema.signature, inspect.signature(run))
        )
        if wanted != found:
            raise ArgumentError(
                f"the {backend} kernel of {schema.name} takes {found}; its signature says "
                f"{wanted}"
            )
        _KERNELS[schema.name, backend] = Kernel(schema.name, backend, run, widens)
        return run

    return register


def find_kernel(op: str, backend: str) -> Kernel:
    """Return the kernel of `op` in `backend`, else the reference one.

    Raises:
        UnknownOpError: if there is none.
    """
    found = _KERNELS.get((op, backend)) or _KERNELS.get((op, "reference"))
    if found is None:
        hint = suggestion(op, {name for name, _ in _KERNELS})
        raise UnknownOpError(
            f"no kernel computes {op!r}{hint}; a custom operator's @kernel must be imported "
            "before the session is made"
        )
    return found
