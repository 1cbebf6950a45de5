"""Where the time of a run goes, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from wnnx.types import Array
from wnnxruntime.plan import Plan, Step


@dataclass(frozen=True)
class Row:
    """One layer's time: the median over all runs, in ms, and its share of the sum, 0 to 1."""

    name: str
    op: str
    output: str
    milliseconds: float
    share: float


@dataclass(frozen=True)
class Profile:
    """A row per layer, in execution order; `str` gives a table."""

    rows: tuple[Row, ...]
    runs: int

    @property
    def milliseconds(self) -> float:
        """The layers' times together, in ms."""
        return sum(row.milliseconds for row in self.rows)

    def __str__(self) -> str:
        head = ("layer", "operator", "output", "ms", "share")
        lines = [
            (r.name, r.op, r.output, f"{r.milliseconds:.3f}", f"{r.share:.1%}")
            for r in self.rows
        ]
        lines.append((f"median of {self.runs} runs", "", "", f"{self.milliseconds:.3f}", ""))
        widths = [max(len(line[i]) for line in (head, *lines)) for i in range(len(head))]
        return "\n".join(_line(line, widths) for line in (head, *lines))


def measure(
    plan: Plan,
    execute: Callable[[Callable[[Step, tuple[Array, ...]], None]], Any],
    repeat: int,
) -> Profile:
    """Run `execute` once to warm up and then `repeat` times; take medians per layer.

    Args:
        plan: What `execute` runs.
        execute: Runs the plan once and calls its argument after each step.
        repeat: Number of timed runs.

    Returns:
        The profile.
    """
    times: list[list[float]] = [[] for _ in plan.steps]
    for run in range(repeat + 1):
        marks = [perf_counter()]
        execute(partial(_mark, marks))
        for index in range(len(plan.steps)):
            if run:
                times[index].append(marks[index + 1] - marks[index])
    medians = [median(seconds) * 1e3 for seconds in times]
    total = sum(medians) or 1.0
    rows = (
        Row(step.node.name, step.node.op, str(step.types[0]), ms, ms / total)
        for step, ms in zip(plan.steps, medians, strict=True)
    )
    return Profile(tuple(rows), repeat)


def _mark(marks: list[float], _step: Step, _results: tuple[Array, ...]) -> None:
    marks.append(perf_counter())


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    """Text to the left, numbers to the right."""
    aligned = [
        cell.ljust(width) if index < 3 else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()
