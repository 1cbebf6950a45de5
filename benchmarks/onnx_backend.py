"""How much of onnx's backend suite passes: here, in ONNX Runtime and in onnx's own evaluator.

    python -W ignore -m benchmarks.onnx_backend

Prints a Markdown table. Every engine gets the same tests and the same comparison. The second
column of ours counts also the tests that pass once inputs are constants (tests/onnx).
"""

from collections.abc import Sequence

from tests.onnx.backend import (
    GROUPS,
    Engine,
    SuiteTest,
    failure,
    in_set,
    onnxruntime,
    ours,
    reference_evaluator,
)
from tests.onnx.known import fixed_inputs

COLUMNS = (
    "group",
    "tests",
    "NNBuilder",
    "with constant inputs",
    "ONNX Runtime",
    "ReferenceEvaluator",
)


def main() -> None:
    """Print a row per group."""
    print(_row(COLUMNS))
    print(_row(["---"] * len(COLUMNS)))
    fixed = fixed_inputs()
    for group in GROUPS:
        tests = in_set(group)
        rest = [test for test in tests if failure(test, ours) is not None]
        passing = len(tests) - len(rest)
        more = sum(
            failure(test, ours, fixed[test.name]) is None
            for test in rest
            if test.name in fixed
        )
        others = [_passing(tests, engine) for engine in (onnxruntime, reference_evaluator)]
        print(_row([group, len(tests), passing, passing + more, *others]), flush=True)


def _passing(tests: Sequence[SuiteTest], engine: Engine) -> int:
    return sum(failure(test, engine) is None for test in tests)


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    main()
