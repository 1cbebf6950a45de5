"""Operators as a builder's methods: the same typed signature, but the call adds a node."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from wnnx.graph import Value
from wnnx.ops.registry import OpSchema, schema_of
from wnnx.types import TensorType

P = ParamSpec("P")
R = TypeVar("R")


class NodeAdder(Protocol):
    """What can add a node: the builder."""

    def add_op(
        self, schema: OpSchema, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> tuple[Value, ...]:
        """Add one call of an operator and return its outputs."""
        ...


class Lifted(Generic[P, R]):
    """A shape rule seen from a builder; a descriptor, so that each builder binds it."""

    def __init__(self, schema: OpSchema) -> None:
        self._schema = schema
        self.__doc__ = schema.rule.__doc__

    def __get__(self, builder: NodeAdder | None, owner: type) -> Callable[P, R]:
        """Return the operator as a method of `builder`, or as a function for `help`."""
        schema = self._schema

        def call(*args: Any, **kwargs: Any) -> Any:
            if builder is None:
                return getattr(args[0], schema.rule.__name__)(*args[1:], **kwargs)
            outputs = builder.add_op(schema, args, kwargs)
            return outputs if schema.returns_tuple else outputs[0]

        method: Callable[P, R] = _dressed(call, schema.rule, takes_self=builder is None)
        return method


@overload
def lift(rule: Callable[P, TensorType]) -> Lifted[P, Value]: ...
@overload
def lift(rule: Callable[P, tuple[TensorType, ...]]) -> Lifted[P, tuple[Value, ...]]: ...
def lift(rule: Callable[..., Any]) -> Lifted[..., Any]:
    """Turn an operator into a builder's method.

    Args:
        rule: A function decorated with `@wnnx.op`.

    Returns:
        A descriptor for the body of a builder class.
    """
    return Lifted(schema_of(rule))


def _dressed(call: Callable[..., Any], rule: Callable[..., Any], *, takes_self: bool) -> Any:
    """Give `call` the rule's name, documentation and signature, for `help` and for editors."""
    signature = inspect.signature(rule).replace(return_annotation=inspect.Signature.empty)
    if takes_self:
        self_parameter = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
        signature = signature.replace(
            parameters=[self_parameter, *signature.parameters.values()]
        )
    call.__name__ = rule.__name__
    call.__qualname__ = f"Builder.{rule.__name__}"
    call.__doc__ = rule.__doc__
    call.__module__ = rule.__module__
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call
