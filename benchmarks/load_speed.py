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
from pathlib import Path

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


def fastest(action: Callable[[], object], times: int) -> float:
    """Return the least time an action took, in seconds; the first run is not counted."""
    action()
    found: list[float] = []
    for _ in range(times):
        gc.collect()  # a graph refers to itself, so only this gives its memory back
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return min(found)


def graph_rows(table: Table, path: Path) -> None:
    """Measure networks of many layers and small weights."""
    for nodes, times, wanted in ((200, 30, "5 ms"), (10_000, 5, "300 ms")):
        wnnx.save(convolutions(nodes), path)
        seconds = fastest(lambda: wnnx.load(path), times)
        table.add_row(f"load {nodes} nodes", f"{seconds * 1e3:.1f} ms", "", f"< {wanted}")


def weight_rows(table: Table, path: Path, gigabytes: float) -> None:
    """Measure a network of few layers and large weights, and the peers."""
    wnnx.save(weights(gigabytes), path)
    size = path.stat().st_size
    in_memory = path.read_bytes()
    rows: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("load, checksums off", lambda: wnnx.load(path, checksums=False), "milliseconds"),
        ("load, checksums on", lambda: wnnx.load(path), "memory speed"),
        ("load, copied", lambda: wnnx.load(path, mapped=False, checksums=False), ""),
        ("peer: crc32 of bytes in memory", lambda: zlib.crc32(in_memory), ""),
        ("peer: read the file", path.read_bytes, ""),
    )
    for name, action, wanted in rows:
        seconds = fastest(action, 3)
        rate = f"{size / seconds / 1e9:.1f} GB/s" if seconds > 0.01 else ""
        table.add_row(f"{size / 1e9:.2f} GB: {name}", f"{seconds * 1e3:.1f} ms", rate, wanted)


def main() -> None:
    """Print the table."""
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    table = Table("what", "time", "rate", "wanted", title="Loading .wnnx")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "net.wnnx")
        graph_rows(table, path)
        weight_rows(table, path, gigabytes)
    Console().print(table)


if __name__ == "__main__":
    main()
