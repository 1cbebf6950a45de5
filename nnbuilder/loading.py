"""New weights for a network, by name, and a report of what did not fit."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from nnbuilder.rounding import rounded
from nnbuilder.weights import constant as as_constant
from wnnx.errors import ArgumentError, WeightError, WeightWarning, WnnxError
from wnnx.graph import Constant, Graph, Node, suggestion
from wnnx.ops.registry import find_schema
from wnnx.types import FLOATS, Array, TensorType

Rename: TypeAlias = Mapping[str, str | None] | Callable[[str], str | None]

# So many names of each kind are printed; the report itself holds all of them.
MAX_PRINTED = 20


@dataclass(frozen=True)
class Mismatch:
    """A weight that cannot take its constant's place; `reason` says why."""

    name: str
    found: TensorType
    expected: TensorType
    reason: str

    def __str__(self) -> str:
        return f'"{self.name}": found {self.found}, expected {self.expected}; {self.reason}'


@dataclass(frozen=True)
class WeightReport:
    """What `load_weights` did.

    `loaded`, `missing` and `mismatched` go by the network's names, `unused` by those in the
    mapping.
    """

    loaded: tuple[str, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    mismatched: tuple[Mismatch, ...]

    @property
    def complete(self) -> bool:
        """Whether every weight of the network was loaded, and nothing was left over."""
        return not (self.missing or self.unused or self.mismatched)

    def __str__(self) -> str:
        counts = (
            f"{len(self.loaded)} weights loaded, {len(self.missing)} missing, "
            f"{len(self.unused)} unused, {len(self.mismatched)} mismatched"
        )
        lines = [counts, *_lines("missing", (f'"{name}"' for name in self.missing))]
        lines += _lines("unused", (f'"{name}"' for name in self.unused))
        lines += _lines("mismatched", map(str, self.mismatched))
        if self.missing and self.unused:
            lines.append("rename= says what a name in the mapping is called in the network")
        return "\n".join(lines)


def load_weights(
    graph: Graph,
    mapping: Mapping[str, Constant | Array],
    rename: Rename | None = None,
    *,
    strict: bool = False,
) -> WeightReport:
    """Replace the arrays of a network's constants by those of the same name.

    Shapes must be equal. Element types must be equal too, but floating point numbers of
    another width are rounded to what the network has, where that keeps them finite. What does
    not fit is left as it was, and a `WeightWarning` holds the report. Everything is checked
    before anything is changed.

    Args:
        graph: The network, which is changed.
        mapping: Array by name, as `nn.from_npz` or `nn.from_safetensors` return it.
        rename: From a name in `mapping` to the network's name for it, as a dict, where other
            names stay, or a function; None skips a weight without calling it unused.
        strict: Raise, rather than warn, where the report is not complete.

    Returns:
        What was loaded, missing, unused and mismatched. Missing are constants that a layer
        reads and the mapping lacks; single numbers, of no axes, are not expected in it.

    Raises:
        WeightError: if `strict` and the report is not complete, or two names become one, or
            `rename` has a name that the mapping lacks; nothing is changed then.
        ArgumentError: if `mapping` is none, or holds what is no array.
        DTypeError: if the format has no such element type.
    """
    sources = _sources(mapping, rename)
    targets = {constant.name: constant for constant in graph.constants}
    fitting: dict[Constant, Array] = {}
    mismatched: list[Mismatch] = []
    for name, source in sources.items():
        if name in targets:
            target, found = targets[name], _array(mapping[source], source)
            array, reason = _fitted(found, target)
            if reason:
                mismatched.append(Mismatch(name, found.type, target.type, reason))
            else:
                fitting[target] = array
    report = WeightReport(
        loaded=tuple(constant.name for constant in fitting),
        missing=tuple(
            c.name for c in targets.values() if c.rank and c.uses and c.name not in sources
        ),
        unused=tuple(source for name, source in sources.items() if name not in targets),
        mismatched=tuple(mismatched),
    )
    if not report.complete:
        if strict:
            raise WeightError(str(report))
        warnings.warn(str(report), WeightWarning, stacklevel=3)  # who called Builder's method
    for constant, array in fitting.items():
        constant.replace(array)
    return report


def _sources(mapping: Mapping[str, Constant | Array], rename: Rename | None) -> dict[str, str]:
    """Return the mapping's name by the network's name.

    Raises:
        ArgumentError: if `mapping` is none.
        WeightError: if `rename` has a name that the mapping lacks, or two names become one.
    """
    if not hasattr(mapping, "items"):
        raise ArgumentError(
            f"expected a mapping of names to arrays, found a {type(mapping).__name__}; "
            "nn.from_npz and nn.from_safetensors read one from a file"
        )
    if rename is not None and not callable(rename):
        for source in rename:
            if source not in mapping:
                raise WeightError(
                    f"rename has {source!r}, which the mapping lacks"
                    f"{suggestion(source, mapping)}"
                )
    sources: dict[str, str] = {}
    for source in mapping:
        name = _renamed(source, rename)
        if name is None:
            continue
        if name in sources:
            raise WeightError(f"{sources[name]!r} and {source!r} are both called {name!r}")
        sources[name] = source
    return sources


def _renamed(name: str, rename: Rename | None) -> str | None:
    if rename is None:
        return name
    return rename(name) if callable(rename) else rename.get(name, name)


def _array(given: Constant | Array, name: str) -> Constant:
    """Return what the mapping holds as a constant.

    Raises:
        WnnxError: of the type that fits, with the name in front.
    """
    try:
        return given if isinstance(given, Constant) else as_constant(given)
    except WnnxError as error:
        raise type(error)(f'weight "{name}": {error}') from None


def _fitted(found: Constant, target: Constant) -> tuple[Array, str]:
    """Return the array that takes the target's place, and why it cannot if it cannot."""
    if found.shape != target.shape:
        return found.array, "the shapes differ"
    if found.dtype == target.dtype:
        decides = any(_decides_types(node, target, found) for node in target.consumers)
        return found.array, "shapes were inferred from its old numbers" if decides else ""
    if {found.dtype, target.dtype} <= FLOATS:
        array, harm = rounded(found.array, target.dtype)
        return array, harm and f"it {harm}"
    return found.array, "the element types differ"


def _decides_types(node: Node, old: Constant, new: Constant) -> bool:
    """Tell whether a node's types would change with the numbers of a small integer tensor."""
    schema = find_schema(node.op, node.version)
    if schema is None or old.type.value == new.type.value:
        return False
    try:
        types = schema.infer([new if x is old else x for x in node.inputs], node.attributes)
    except WnnxError:
        return True
    found = [(type, type.value) for type in types]
    return found != [(output.type, output.type.value) for output in node.outputs]


def _lines(title: str, items: Iterable[str]) -> list[str]:
    """Return a title and the first items, one to a line; nothing where there are none."""
    texts = list(items)
    more = len(texts) - MAX_PRINTED
    shown = texts[:MAX_PRINTED] + ([f"and {more} more"] if more > 0 else [])
    return [f"{title}:", *(f"  {text}" for text in shown)] if texts else []
