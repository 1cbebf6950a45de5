"""How long imports take, warm, each in a process of its own, interleaved; medians."""

import subprocess
import sys
from importlib.util import find_spec
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

MODULES = ("nnbuilder", "wnnxruntime", "wnnx", "nnviz", "numpy", "onnx", "torch")
RUNS = 9


def seconds(statement: str) -> float:
    """Return the time of one interpreter's life, in s."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return perf_counter() - start


def main() -> None:
    """Print a row per module."""
    modules = [module for module in MODULES if find_spec(module)]
    statements = ["pass", *(f"import {module}" for module in modules)]
    for statement in statements:
        seconds(statement)  # warm up: bytecode and the system's file cache
    times = {statement: [0.0] * RUNS for statement in statements}
    for run in range(RUNS):
        for statement in statements:
            times[statement][run] = seconds(statement)
    table = Table("statement", "s, median", "ratio to numpy", title=f"{RUNS} runs each")
    base = median(times["import numpy"])
    for statement in statements:
        value = median(times[statement])
        table.add_row(statement, f"{value:.3f}", f"{value / base:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
