"""Networks that the viewing tests show."""

import numpy as np

import nnbuilder as nn
from wnnx.dims import symbol
from wnnx.graph import Constant, Graph, Node, Value
from wnnx.types import ShapeLike, tensor_type

HOSTILE = (
    "<script>window.hacked = 1</script>",
    "</script></title><img src=x onerror='window.hacked = 1'>",
    "\"quoted\" & 'quoted'",
    "two\nlines",
    "two\\nlines",
    "left \u202eright",
    "\u05d0\u05d1\u05d2",
    "[bold red]markup[/]",
    "back\\slash \\G",
    "{record|<f0>}",
    "nul\x00 and \x1b[31m",
    "\ud800 alone",
    "x" * 300,
    "algg",  # bytes by which Netron takes a file for another format
)


def fully_connected() -> Graph:
    """Return two linear layers and a relu; the first weight is 0, 0.25, 0.5, ..."""
    b = nn.Builder("fc")
    x = b.input("x", ("N", 4))
    weight = np.arange(48, dtype=np.float32).reshape(12, 4) / 4
    x = b.linear(x, nn.constant(weight), nn.constant(np.zeros(12, np.float32)), name="fc0")
    x = b.linear(b.relu(x), nn.constant(np.ones((3, 12), np.float16)), name="fc1")
    b.output(x, name="y")
    return b.graph


class Sketch:
    """A graph of any operators, known or not."""

    def __init__(self, name: str = "sketch") -> None:
        self.graph = Graph(name)

    def input(self, name: str, shape: ShapeLike) -> Value:
        return self.graph.add_input(name, tensor_type("float32", shape))

    def weight(self, name: str, *shape: int) -> Constant:
        array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        return self.graph.add_constant(Constant(name, array))

    def layer(
        self,
        name: str,
        op: str,
        inputs: list[Value | None],
        shape: ShapeLike,
        **attributes: object,
    ) -> Value:
        output = Value(f"{name}.out", tensor_type("float32", shape))
        self.graph.add_node(Node(name, op, inputs, [output], attributes))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] # any attribute
        return output


def residual(blocks: int = 3) -> Graph:
    """Return a residual network of 5 + 4 * blocks layers, one of them of no known operator."""
    s = Sketch("residual")
    shape = ("N", 16, 32, 32)
    image = s.input("image", ("N", 3, 32, 32))
    x = s.layer("stem", "conv", [image, s.weight("stem.w", 16, 3, 3, 3)], shape, stride=(1, 1))
    for i in range(blocks):
        y = s.layer(f"b{i}/conv", "conv", [x, s.weight(f"b{i}.w", 16, 16, 3, 3)], shape)
        scale, shift = s.weight(f"b{i}.scale", 16), s.weight(f"b{i}.shift", 16)
        y = s.layer(f"b{i}/norm", "batch_norm", [y, scale, shift], shape, eps=1e-5)
        y = s.layer(f"b{i}/act", "relu", [y], shape)
        x = s.layer(f"b{i}/add", "add", [x, y], shape)
    half = (symbol("H") - 1) // 2 + 1
    x = s.layer("pool", "max_pool", [x], ("N", 16, half, 1), kernel_size=(32, 32))
    x = s.layer("flat", "flatten", [x], ("N", 16))
    x = s.layer("own", "acme::crop", [x, None, s.weight("own.w", 4)], ("N", 10), big=2**60)
    s.graph.mark_output(s.layer("last", "softmax", [x], ("N", 10), dim=-1))
    return s.graph


def hostile() -> Graph:
    """Return a chain of layers in which everything has a hostile name."""
    s = Sketch(HOSTILE[0])
    s.graph.metadata = {name: name for name in HOSTILE} | {"producer": "\u4e2d <b>"}
    x = s.input(HOSTILE[0], ("N", 4))
    for name in HOSTILE:
        inputs: list[Value | None] = [x, s.weight(f"{name} weight", 1, 3)]
        x = s.layer(name, name, inputs, ("N", 4), **{name: name, "inf": (1.0, float("inf"))})
    s.graph.mark_output(x)
    return s.graph
