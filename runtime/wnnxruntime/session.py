"""A session: a network ready to run, on any number of Python threads."""

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

import wnnx
from wnnx.errors import RunError, UnknownOpError, WnnxError
from wnnx.graph import Graph, Node, Value
from wnnx.ops.registry import schema_of_node
from wnnx.types import Array, Shape, shape_text
from wnnxruntime.compute import compute
from wnnxruntime.feeds import bind_symbols, checked_feeds, random_feeds
from wnnxruntime.plan import Plan, Step, completed, found_sizes, make_plan, needed_nodes
from wnnxruntime.profile import Profile, measure
from wnnxruntime.registry import find_kernel

Callback = Callable[[Node, tuple[Array, ...]], None]
Backend = Literal["fast", "reference"]

# Plans are small next to weights, but a service that sees every image size must not grow.
MAX_PLANS = 32


@dataclass(frozen=True)
class TensorInfo:
    """Name, element type and shape of an input or output; symbols stand for any extent."""

    name: str
    dtype: str
    shape: Shape

    def __str__(self) -> str:
        return f'"{self.name}" {self.dtype} {shape_text(self.shape)}'


class Session:
    """Runs a network.

        session = Session("model.wnnx")
        y = session.run({"x": x})["y"]

    One session serves any number of threads at once, with results identical to the last bit.

    Args:
        model: A `.wnnx` file, or a graph, of which the session takes a copy.
        threads: How many threads a fast kernel may use; None for one per core. Reference
            kernels use the calling thread alone, but for what numpy's matrix product does.
        backend: "fast" takes a fast kernel wherever there is one and the reference kernel
            elsewhere; "reference" takes reference kernels only.

    Raises:
        FormatError: if the file is not valid.
        UnknownOpError: if an operator has no schema or no kernel; names all of them.
        RunError: if the backend or the number of threads makes no sense.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | Graph,
        threads: int | None = None,
        backend: Backend = "fast",
    ) -> None:
        if backend not in {"fast", "reference"}:
            raise RunError(f"backend={backend!r}; expected 'fast' or 'reference'")
        if threads is not None and threads < 1:
            raise RunError(f"threads={threads}; expected 1 or more, or None for one per core")
        self._graph = model.copy() if isinstance(model, Graph) else wnnx.load(model)
        self.backend: Backend = backend
        self.threads = threads or os.cpu_count() or 1
        self._plans: OrderedDict[Any, Plan] = OrderedDict()
        self._lock = Lock()
        _check_known(self._graph, backend)

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """What a run is fed, in order."""
        return tuple(TensorInfo(v.name, v.dtype, v.shape) for v in self._graph.inputs)

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """What a run returns, in order."""
        return tuple(TensorInfo(v.name, v.dtype, v.shape) for v in self._graph.outputs)

    def run(
        self,
        feeds: Mapping[str, Any],
        *,
        outputs: Sequence[str] | None = None,
        callback: Callback | None = None,
    ) -> dict[str, Array]:
        """Compute outputs from inputs.

        Args:
            feeds: Array by input name; of the input's dtype, in any byte order or strides.
                Inputs that the requested outputs do not depend on may be left out.
            outputs: Names of the values to compute, any value of the network; None for its
                outputs. What they do not depend on is not computed.
            callback: Called after each layer with its node and outputs, which it must
                neither change nor keep.

        Returns:
            Array by output name; the caller owns them.

        Raises:
            RunError: if a name, element type or shape is wrong.
            ShapeError: if these shapes do not go through the network; names the layer.
            KernelError: if a kernel fails; names the layer.
        """
        plan, arrays = self._prepare(feeds, outputs)

        def after(step: Step, results: tuple[Array, ...]) -> None:
            if callback is not None:
                callback(step.node, results)

        return self._execute(plan, arrays, after)

    def random_feeds(
        self, sizes: Mapping[str, int] | None = None, *, seed: int = 0
    ) -> dict[str, Array]:
        """Return an array for each input, to try the network with.

        Args:
            sizes: Extent by symbol; a symbol that is not in it is 1.
            seed: The same one gives the same arrays, on every machine.

        Returns:
            Array by input name: numbers around 0 for floats, 0 or 1 for other types.

        Raises:
            RunError: if no input has a symbol of that name.
        """
        return random_feeds(self._graph.inputs, sizes or {}, seed)

    def profile(self, feeds: Mapping[str, Any] | None = None, *, repeat: int = 10) -> Profile:
        """Time every layer.

        Args:
            feeds: As for `run`; random ones without it, every symbol 1.
            repeat: How many runs to take the median of, after one that warms up.

        Returns:
            A row per layer; `print` it for a table.

        Raises:
            RunError: if a name, element type or shape is wrong, or `repeat` is not positive.
        """
        if repeat < 1:
            raise RunError(f"repeat={repeat}; expected 1 or more")
        plan, arrays = self._prepare(self.random_feeds() if feeds is None else feeds, None)
        return measure(plan, lambda after: self._execute(plan, arrays, after), repeat)

    def _prepare(
        self, feeds: Mapping[str, Any], names: Sequence[str] | None
    ) -> tuple[Plan, dict[Value, Array]]:
        outputs = self._requested(names)
        nodes = needed_nodes(self._graph, outputs)
        needed = {v for node in nodes for v in node.inputs if v is not None} | set(outputs)
        inputs = self._graph.inputs
        arrays = checked_feeds(inputs, needed, feeds)
        key = (tuple(v.name for v in outputs), tuple((k, a.shape) for k, a in arrays.items()))
        with self._lock:
            plan = self._plans.get(key)
            if plan is None:
                plan = make_plan(self._graph, outputs, bind_symbols(inputs, arrays))
                self._plans[key] = plan
            self._plans.move_to_end(key)
            if len(self._plans) > MAX_PLANS:
                self._plans.popitem(last=False)
        return plan, {self._graph.value(name): array for name, array in arrays.items()}

    def _requested(self, names: Sequence[str] | None) -> list[Value]:
        if names is None:
            return self._graph.outputs
        if isinstance(names, str):
            raise RunError(f"outputs={names!r}; expected a list of names: [{names!r}]")
        try:
            return [self._graph.value(name) for name in names]
        except WnnxError as error:
            raise RunError(f"outputs: {error}") from None

    def _execute(
        self,
        plan: Plan,
        fed: Mapping[Value, Array],
        after: Callable[[Step, tuple[Array, ...]], None],
    ) -> dict[str, Array]:
        live: dict[Value, Array] = {c: c.array for c in self._graph.constants} | dict(fed)
        borrowed = {id(array) for array in live.values()}
        sizes: dict[str, int] = {}
        for step in plan.steps:
            given = [None if v is None else live[v] for v in step.node.inputs]
            try:
                step = completed(step, given, sizes) if step.deferred else step
                results = compute(
                    step.schema, given, step.attributes, step.types, self.backend
                )
            except WnnxError as error:
                raise type(error)(f'{step.node.op} "{step.node.name}": {error}') from error
            sizes |= found_sizes(step, results)
            live.update(zip(step.node.outputs, results, strict=True))
            after(step, tuple(results))
            for value in step.last_uses:
                del live[value]
        return _owned(plan.outputs, live, borrowed)


def _owned(
    outputs: Sequence[Value], live: Mapping[Value, Array], borrowed: set[int]
) -> dict[str, Array]:
    """Copy what shares memory with an input, a weight or another output.

    A caller may write into a result without changing anything else.
    """
    results: dict[str, Array] = {}
    taken = set(borrowed)
    for value in outputs:
        array = live[value]
        if id(array) in taken or not array.flags.owndata:
            array = array.copy()
        taken.add(id(live[value]))
        results[value.name] = array
    return results


def _check_known(graph: Graph, backend: str) -> None:
    problems: dict[str, str] = {}
    for node in graph.nodes:
        try:
            schema_of_node(node)
            find_kernel(node.op, backend)
        except UnknownOpError as error:
            problems.setdefault(node.op, f"{node.op} (first in {node.name!r}): {error}")
    if problems:
        raise UnknownOpError("the network cannot run; " + "; ".join(problems.values()))
