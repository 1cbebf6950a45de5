"""What a caller feeds a run: names, element types and shapes, held to the network's."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from wnnx.dims import Dim, SymbolicDim, evaluate, substitute, symbols_of
from wnnx.errors import DTypeError, RunError
from wnnx.graph import Value, suggestion
from wnnx.types import FLOATS, Array, dtype_name, numpy_dtype, shape_text


def checked_feeds(
    inputs: Sequence[Value], needed: set[Value], feeds: Mapping[str, Any]
) -> dict[str, Array]:
    """Return the arrays of a run in native byte order, each as a view that cannot be written.

    Args:
        inputs: The network's inputs.
        needed: Those that the requested outputs depend on; the others may be left out.
        feeds: Array by input name.

    Returns:
        The arrays, in the order of `inputs`.

    Raises:
        RunError: if a name is unknown or missing, or an array's type or rank is wrong.
    """
    known = {value.name: value for value in inputs}
    for name in feeds:
        if name not in known:
            raise RunError(
                f"unknown input {name!r}{suggestion(name, known)}; {_listed(inputs)}"
            )
    missing = [value for value in inputs if value in needed and value.name not in feeds]
    if missing:
        raise RunError(f"input {missing[0].name!r} is missing; {_listed(inputs)}")
    return {v.name: _checked(v, feeds[v.name]) for v in inputs if v.name in feeds}


def bind_symbols(inputs: Sequence[Value], arrays: Mapping[str, Array]) -> dict[str, int]:
    """Return the number that each symbol stands for in a run with these arrays.

    Raises:
        RunError: if an extent is not what the network takes, or a symbol has two sizes.
    """
    fed = [value for value in inputs if value.name in arrays]
    bindings: dict[str, int] = {}
    sources: dict[str, str] = {}
    for value in fed:
        for dim, size in zip(value.shape, arrays[value.name].shape, strict=True):
            if isinstance(dim, SymbolicDim) and str(dim) in dim.symbols:
                bindings.setdefault(str(dim), size)
                sources.setdefault(str(dim), value.name)
    for value in fed:
        shape = arrays[value.name].shape
        for axis, (dim, size) in enumerate(zip(value.shape, shape, strict=True)):
            _check_extent(value, shape, axis, substitute(dim, bindings), size, sources)
    return bindings


def random_feeds(
    inputs: Sequence[Value], sizes: Mapping[str, int], seed: int
) -> dict[str, Array]:
    """Return an array for each input: numbers around 0 for floats, 0 or 1 for the others.

    Args:
        inputs: The network's inputs.
        sizes: Extent by symbol; a symbol that is not in it is 1.
        seed: The same one gives the same arrays, on every machine.

    Returns:
        Array by input name.

    Raises:
        RunError: if no input has a symbol of that name.
    """
    symbols = {s for value in inputs for dim in value.shape for s in symbols_of(dim)}
    unknown = sizes.keys() - symbols
    if unknown:
        raise RunError(f"no input has a symbol {min(unknown)!r}; {_listed(inputs)}")
    generator = np.random.default_rng(seed)
    bindings = dict.fromkeys(symbols, 1) | dict(sizes)
    return {v.name: _random(v, bindings, generator) for v in inputs}


def _random(
    value: Value, bindings: Mapping[str, int], generator: np.random.Generator
) -> Array:
    shape = tuple(evaluate(dim, bindings) for dim in value.shape)
    dtype = numpy_dtype(value.dtype)
    if value.dtype in FLOATS:
        return generator.normal(size=shape).astype(dtype)
    return generator.integers(0, 2, size=shape).astype(dtype)  # they index anything


def _checked(value: Value, given: Any) -> Array:
    if not isinstance(given, np.ndarray | np.generic):
        raise RunError(
            f"input {value.name!r} is a {type(given).__name__}; expected a numpy array of "
            f"{value.type}"
        )
    array: Array = np.asarray(cast("Any", given))
    try:
        dtype = dtype_name(array.dtype)
    except DTypeError:
        dtype = str(array.dtype)
    if dtype != value.dtype:
        raise RunError(
            f"input {value.name!r} is {dtype}; expected {value.dtype}: pass "
            f"{value.name}.astype({value.dtype!r})"
        )
    if array.ndim != value.rank:
        raise RunError(
            f"input {value.name!r} has shape {shape_text(array.shape)}; expected "
            f"{shape_text(value.shape)}"
        )
    view = array.astype(numpy_dtype(dtype), copy=False).view()
    view.flags.writeable = False
    return view


def _check_extent(
    value: Value,
    shape: Sequence[int],
    axis: int,
    expected: Dim,
    size: int,
    sources: Mapping[str, str],
) -> None:
    if expected == size:
        return
    dim = value.shape[axis]
    wanted = shape_text(value.shape)
    message = f"input {value.name!r} has shape {shape_text(shape)}; expected {wanted}"
    if not isinstance(expected, int):
        raise RunError(f"{message}: no input says alone what {expected} is in axis {axis}")
    source = sources.get(str(dim))
    known = (
        f" ({dim} in input {source!r})"
        if source
        else f" ({dim})" * (str(dim) != str(expected))
    )
    raise RunError(f"{message}: axis {axis} is {size}, not {expected}{known}")


def _listed(inputs: Sequence[Value]) -> str:
    listed = ", ".join(f'"{value.name}" {value.type}' for value in inputs) or "none"
    return f"the network's inputs are {listed}"
