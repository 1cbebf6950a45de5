"""How long loading takes: small and large graphs, and a gigabyte with its checksums.

    python benchmarks/load_speed.py [gigabytes]

The peers are what nothing can beat: reading the file into memory, and zlib's CRC-32 of bytes
that are there already. The file is in the page cache in every row: no disk is measured.
"""

import gc
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

import wnnx
from wnnx.graph import Constant, Graph, Node, Value
from wnnx.ops.registry import schema
from wnnx.types import TensorType


def convolutions(nodes: int) -> Graph:
    """Return a network of `nodes` layers, convolutions with weight and bias, and relus."""
    graph = Graph("convolutions")
    type = TensorType("float32", (1, 8, 8, 8))
    value = graph.add_input("x", type)
    for index in range(nodes // 2):
        weight = Constant(f"layer{index}.weight", np.zeros((8, 8, 3, 3), np.float32))
        bias = Constant(f"layer{index}.bias", np.zeros(8, np.float32))
        inputs = [value, graph.add_constant(weight), graph.add_constant(bias)]
        attributes = schema("conv").normalize(inputs, {"padding": 1})
        conv, relu = Value(f"layer{index}", type), Value(f"relu{index}", type)
        graph.add_node(Node(conv.name, "conv", inputs, [conv], attributes))
        graph.add_node(Node(relu.name, "relu", [conv], [relu], {}))
        value = relu
    graph.mark_output(value)
    return graph


def weights(gigabytes: float) -> Graph:
    """Return a network of one layer after the other, 64 MB of weights each."""
    graph = Graph("weights")
    value = graph.add_input("x", TensorType("float32", (1, 4096)))
    generator = np.random.default_rng(0)
    for index in range(round(gigabytes * 16)):
        array = generator.random((4096, 4096), np.float32)
        weight = graph.add_constant(Constant(f"layer{index}.weight", array))
        output = Value(f"layer{index}", value.type)
        graph.add_node(Node(output.name, "linear", [value, weight], [output], {}))
        value = output
    graph.mark_output(value)
    return graph


def medians(actions: dict[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Return the median time of each action, in s; they take turns, the first one warms up."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for run in range(times + 1):
        for name, action in actions.items():
            gc.collect()  # a graph refers to itself, so only this gives its memory back
            start = time.perf_counter()
            action()
            if run:
                found[name].append(time.perf_counter() - start)
    return {name: median(seconds) for name, seconds in found.items()}


def graph_rows(table: Table, folder: Path) -> None:
    """Measure networks of many layers and small weights, beside reading their files."""
    for nodes, times, wanted in ((200, 51, "5 ms"), (10_000, 9, "300 ms")):
        path = folder / f"{nodes}.wnnx"
        wnnx.save(convolutions(nodes), path)
        seconds = medians({"load": partial(wnnx.load, path), "read": path.read_bytes}, times)
        for name, wish in (("load", f"< {wanted}"), ("read", "")):
            title = f"{nodes} nodes: {'load' if name == 'load' else 'peer: read the file'}"
            table.add_row(title, f"{seconds[name] * 1e3:.1f} ms", "", wish)


def weight_rows(table: Table, folder: Path, gigabytes: float) -> None:
    """Measure a network of few layers and large weights, and the peers."""
    path = folder / "weights.wnnx"
    wnnx.save(weights(gigabytes), path)
    size = path.stat().st_size
    in_memory = path.read_bytes()
    actions: dict[str, Callable[[], object]] = {
        "load, checksums off": lambda: wnnx.load(path, checksums=False),
        "load, checksums on": lambda: wnnx.load(path),
        "load, copied": lambda: wnnx.load(path, mapped=False, checksums=False),
        "peer: crc32 of bytes in memory": lambda: zlib.crc32(in_memory),
        "peer: read the file": path.read_bytes,
    }
    wanted = {"load, checksums off": "milliseconds", "load, checksums on": "memory speed"}
    for name, seconds in medians(actions, 3).items():
        rate = f"{size / seconds / 1e9:.1f} GB/s" if seconds > 0.01 else ""
        cells = (f"{size / 1e9:.2f} GB: {name}", f"{seconds * 1e3:.1f} ms", rate)
        table.add_row(*cells, wanted.get(name, ""))


def main() -> None:
    """Print the table."""
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    table = Table("what", "time", "rate", "wanted", title="Loading .wnnx")
    with tempfile.TemporaryDirectory() as folder:
        graph_rows(table, Path(folder))
        weight_rows(table, Path(folder), gigabytes)
    Console().print(table)


if __name__ == "__main__":
    main()
