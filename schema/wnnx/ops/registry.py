"""`@op`: a typed Python function becomes an operator.

The signature is the schema. Positional parameters are tensor inputs (`X | None = None` an
optional one, `*xs` any number of them), keyword-only parameters are attributes, the body is
the shape rule and the docstring the specification.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
)
from typing import overload as typing_overload

from wnnx.errors import ArgumentError, UnknownOpError, WnnxError
from wnnx.graph import Attribute, Node, Value, suggestion
from wnnx.ops.attributes import stored
from wnnx.types import TensorType, checked_shape

P = ParamSpec("P")
R = TypeVar("R", TensorType, tuple[TensorType, ...])
Rule = Callable[..., TensorType | tuple[TensorType, ...]]

_SCHEMAS: dict[str, "OpSchema"] = {}
_OF_RULE: dict[Rule, "OpSchema"] = {}


@dataclass(frozen=True)
class InputSpec:
    """One tensor parameter of an operator; `number` says that a number may stand there."""

    name: str
    optional: bool
    variadic: bool
    number: bool


@dataclass(frozen=True)
class AttributeSpec:
    """One attribute of an operator.

    `kind` is a Python type for a single value, or "ints", "floats", "strings", "dims",
    "number", "per axis" or "padding"; see `wnnx.ops.attributes`.
    """

    name: str
    kind: str | type
    optional: bool
    choices: tuple[Any, ...]
    default: Any

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is inspect.Parameter.empty

    def stored(self, value: Any, spatial_axes: int) -> Attribute:
        """Return the one form of `value` that a node and a file hold.

        Raises:
            ArgumentError: if `value` is not of this attribute's kind.
            DimError: if a text is no dimension.
        """
        if value is None and self.optional:
            return None
        if self.choices and value not in self.choices:
            known = ", ".join(map(repr, self.choices))
            raise ArgumentError(f"{self.name}={value!r} is not one of {known}")
        form: Attribute = stored(self.name, self.kind, value, spatial_axes)
        return form


@dataclass(frozen=True)
class OpSchema:
    """What the format knows of an operator; `name` has the domain: "conv", "acme::crop"."""

    name: str
    version: int
    rule: Rule
    half_weights: frozenset[str] = frozenset()

    @cached_property
    def signature(self) -> inspect.Signature:
        """Inputs, attributes and defaults as written, without the node's own options."""
        signature = inspect.signature(self.rule, eval_str=True)
        kept = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
        return signature.replace(parameters=kept)

    @cached_property
    def inputs(self) -> tuple[InputSpec, ...]:
        """The tensor parameters, in order."""
        return tuple(
            InputSpec(
                p.name,
                p.default is None,
                p.kind is p.VAR_POSITIONAL,
                float in get_args(p.annotation),
            )
            for p in self.signature.parameters.values()
            if p.kind is not p.KEYWORD_ONLY
        )

    @cached_property
    def attributes(self) -> dict[str, AttributeSpec]:
        """The keyword-only parameters, by name, in order."""
        return {
            p.name: _attribute_spec(self.name, p)
            for p in self.signature.parameters.values()
            if p.kind is p.KEYWORD_ONLY
        }

    @property
    def returns_tuple(self) -> bool:
        """Whether a call returns a tuple of values rather than one value."""
        return self.signature.return_annotation is not TensorType

    @property
    def doc(self) -> str:
        """The specification: the rule's docstring."""
        return inspect.getdoc(self.rule) or ""

    def input_name(self, index: int) -> str:
        """Return what the signature calls input number `index`."""
        if index < len(self.inputs) and not self.inputs[index].variadic:
            return self.inputs[index].name
        first = len(self.inputs) - 1
        return f"{self.inputs[first].name}{index - first}"

    def bind(
        self, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Sort a call's arguments into inputs and attributes, defaults filled in.

        Inputs that were left out at the end are not in the result. Attributes are as given.

        Raises:
            ArgumentError: if an argument is missing, unknown or given twice.
        """
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            unknown = [k for k in kwargs if k not in self.signature.parameters]
            hint = suggestion(unknown[0], self.signature.parameters) if unknown else ""
            raise ArgumentError(f"{error}{hint}; the call is {self.name}{self.call}") from None
        bound.apply_defaults()
        inputs = list(bound.args)
        if (
            len(inputs) == 1
            and self.inputs[0].variadic
            and isinstance(inputs[0], list | tuple)
        ):
            inputs = list(cast("list[Any]", inputs[0]))  # cat([a, b]) is cat(a, b)
        while inputs and inputs[-1] is None:
            inputs.pop()
        return tuple(inputs), bound.kwargs

    @property
    def call(self) -> str:
        """How it is called, without types: `(x, weight, bias=None, *, stride=1)`."""
        parameters = self.signature.parameters.values()
        bare = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
        return str(inspect.Signature(bare))

    def normalize(
        self, inputs: Sequence[Value | None], attributes: Mapping[str, Any]
    ) -> dict[str, Attribute]:
        """Return every attribute in its stored form.

        Raises:
            ArgumentError: if one is unknown, missing or not of its kind.
            DimError: if a text is no dimension.
        """
        first = inputs[0] if inputs else None
        axes = max(first.rank - 2, 0) if isinstance(first, Value) else 0
        for name in attributes:
            if name not in self.attributes:
                known = ", ".join(self.attributes) or "none"
                raise ArgumentError(f"there is no attribute {name!r}; known are {known}")
        result: dict[str, Attribute] = {}
        for spec in self.attributes.values():
            if spec.name not in attributes and spec.required:
                raise ArgumentError(f"the attribute {spec.name!r} is missing")
            result[spec.name] = spec.stored(attributes.get(spec.name, spec.default), axes)
        return result

    def check_inputs(self, inputs: Sequence[Value | None]) -> None:
        """Check how many inputs a node has, and that the required ones are there.

        Raises:
            ArgumentError: if there are too few or too many.
        """
        variadic = bool(self.inputs) and self.inputs[-1].variadic
        required = [
            i for i, spec in enumerate(self.inputs) if not (spec.optional or spec.variadic)
        ]
        missing = [i for i in required if i >= len(inputs) or inputs[i] is None]
        if missing:
            raise ArgumentError(f"the input {self.inputs[missing[0]].name!r} is missing")
        if len(inputs) > len(self.inputs) and not variadic:
            raise ArgumentError(f"{len(inputs)} inputs; {self.name} takes {len(self.inputs)}")

    def infer(
        self, inputs: Sequence[Value | None], attributes: Mapping[str, Attribute]
    ) -> tuple[TensorType, ...]:
        """Return the type of each output.

        Raises:
            WnnxError: whatever the rule finds wrong with the inputs and attributes.
            ShapeError: if no tensor may have the shape of a result.
        """
        self.check_inputs(inputs)
        types = self.rule(*inputs, **attributes)
        results = types if isinstance(types, tuple) else (types,)
        for result in results:
            checked_shape(result.shape)
        return results


@typing_overload
def op(rule: Callable[P, R]) -> Callable[P, R]: ...
@typing_overload
def op(
    *, domain: str = "", version: int = 1, half_weights: Sequence[str] = ()
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def op(
    rule: Callable[..., Any] | None = None,
    *,
    domain: str = "",
    version: int = 1,
    half_weights: Sequence[str] = (),
) -> Callable[..., Any]:
    """Register a shape rule as an operator: `@op`, or `@op(domain="acme", version=2)`.

    Args:
        rule: The function; its name is the operator's.
        domain: Whose operator it is; empty for NNBuilder's own.
        version: Raised when the meaning changes; a file records it for every operator.
        half_weights: Inputs that may be stored as float16 while the layer computes in float32.

    Returns:
        The function, unchanged.

    Raises:
        ArgumentError: if the operator is defined already, or its signature is no schema.
    """

    def register(rule: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{domain}::{rule.__name__}" if domain else rule.__name__
        if name in _SCHEMAS and not _redefines(_SCHEMAS[name].rule, rule):
            raise ArgumentError(
                f"operator {name!r} is defined already, by {_SCHEMAS[name].rule}"
            )
        schema = OpSchema(name, version, rule, frozenset(half_weights))
        unknown = schema.half_weights - set(schema.signature.parameters)
        if unknown:
            raise ArgumentError(f"{name}: half_weights names {unknown}, which are no inputs")
        _SCHEMAS[name] = _OF_RULE[rule] = schema
        return rule

    return register if rule is None else register(rule)


def schema(name: str) -> OpSchema:
    """Return the operator called `name`.

    Raises:
        UnknownOpError: if nobody registered it.
    """
    if name not in _SCHEMAS:
        raise UnknownOpError(
            f"no operator is named {name!r}{suggestion(name, _SCHEMAS)}; a custom operator "
            "must be imported before it is used"
        )
    return _SCHEMAS[name]


def schema_of(rule: Rule) -> OpSchema:
    """Return the operator that `rule` defines.

    Raises:
        UnknownOpError: if `rule` was not decorated with `@op`.
    """
    if rule not in _OF_RULE:
        raise UnknownOpError(f"{rule!r} is no operator; decorate it with @op")
    return _OF_RULE[rule]


def schemas() -> tuple[OpSchema, ...]:
    """Return every operator, in order of definition."""
    return tuple(_SCHEMAS.values())


def find_schema(op: str, version: int) -> OpSchema | None:
    """Return an operator in exactly that version, or None where nobody registered it."""
    found = _SCHEMAS.get(op)
    return found if found is not None and found.version == version else None


def schema_of_node(node: Node) -> OpSchema:
    """Return the operator of a node.

    Raises:
        UnknownOpError: if nobody registered the operator, or not in the node's version.
    """
    found = schema(node.op)
    if found.version != node.version:
        raise UnknownOpError(
            f"{node.op} {node.name!r} is version {node.version} of the operator; version "
            f"{found.version} is what is known here"
        )
    return found


def infer_types(
    op: str, name: str, inputs: Sequence[Value | None], attributes: Mapping[str, Attribute]
) -> tuple[TensorType, ...]:
    """Return the type of each output of a node, and say which node it is where that fails.

    Raises:
        WnnxError: of the rule's own type, with operator and name in front.
    """
    try:
        return schema(op).infer(inputs, attributes)
    except WnnxError as error:
        raise type(error)(f'{op} "{name}": {error}') from None


def _redefines(old: Rule, new: Rule) -> bool:
    """Tell whether it is the same function again, as when a notebook cell is run twice."""
    return (old.__module__, old.__qualname__) == (new.__module__, new.__qualname__)


def _attribute_spec(op: str, parameter: inspect.Parameter) -> AttributeSpec:
    annotation = parameter.annotation
    optional = False
    if get_origin(annotation) in {Union, UnionType} and NoneType in get_args(annotation):
        optional = True
        rest = [a for a in get_args(annotation) if a is not NoneType]
        annotation = rest[0] if len(rest) == 1 else annotation
    kind: Any = annotation
    choices: tuple[Any, ...] = ()
    if get_origin(annotation) is Annotated:
        kind = get_args(annotation)[1]
    elif get_origin(annotation) is Literal:
        choices = get_args(annotation)
        first: Any = choices[0]
        kind = first.__class__
    if not (isinstance(kind, str) or kind in {bool, int, float, str}):
        raise ArgumentError(
            f"{op}: the attribute {parameter.name!r} is annotated {annotation!r}; use bool, "
            "int, float, str, Literal or one of wnnx.ops.attributes"
        )
    return AttributeSpec(parameter.name, kind, optional, choices, parameter.default)
