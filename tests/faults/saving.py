"""Two versions of a network, and a process that saves them in turns until it is killed."""

import sys
from pathlib import Path

import numpy as np

import wnnx
from tests.schema.networks import linear
from wnnx.graph import Constant, Graph


def network(version: int) -> Graph:
    """Return a network whose only large constant is filled with `version`."""
    graph = linear()
    graph.add_constant(Constant("large", np.full(1_000_000, version, np.int32)))
    return graph


def version_of(path: Path) -> int:
    """Return which version of `network` a file holds; every checksum is checked."""
    constant = wnnx.load(path).value("large")
    assert isinstance(constant, Constant)
    (version,) = set(constant.array.tolist())
    return int(version)


def left_over(path: Path) -> list[str]:
    """Return what else is in the folder of a file."""
    return sorted(entry.name for entry in path.parent.iterdir() if entry != path)


def main(path: Path) -> None:
    graphs = [network(1), network(2)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for graph in graphs:
            wnnx.save(graph, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
