"""What an import did with every node, and what it could not do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Failure:
    """A node, or an input, that has no counterpart here, and why.

    `opset` is the version of the node's domain; None for an input.
    """

    node: str
    op: str
    opset: int | None
    reason: str

    def __str__(self) -> str:
        version = "" if self.opset is None else f" (opset {self.opset})"
        return f'{self.op} "{self.node}"{version}: {self.reason}'


@dataclass
class ImportReport:
    """How many nodes of each ONNX operator met which end.

    `mapped` became layers, `folded` became constants or were followed by shape inference,
    `dropped` are read by nobody or pass their input on. `layers` counts what was built, by our
    operators' names.
    """

    producer: str = ""
    opset: int = 0
    mapped: Counter[str] = field(default_factory=Counter[str])
    folded: Counter[str] = field(default_factory=Counter[str])
    dropped: Counter[str] = field(default_factory=Counter[str])
    layers: Counter[str] = field(default_factory=Counter[str])

    def __str__(self) -> str:
        rows = [
            f"opset {self.opset}" + (f", written by {self.producer}" * bool(self.producer))
        ]
        for word in ("mapped", "folded", "dropped", "layers"):
            counts: Counter[str] = getattr(self, word)
            names = ", ".join(f"{name} {count}" for name, count in counts.most_common())
            rows.append(f"{word:8}{counts.total():5}" + f"  {names}" * bool(names))
        return "\n".join(rows)


def failure_text(failures: Sequence[Failure]) -> str:
    """Return the message that lists all failures, one on a line."""
    count = f"{len(failures)} part{'s' * (len(failures) > 1)}"
    lines = "\n".join(f"  {failure}" for failure in failures)
    return f"{count} of the model cannot be imported, so nothing was:\n{lines}"
