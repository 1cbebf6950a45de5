"""onnx's backend suite: every model is imported, saved, loaded, run, held to its outputs."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.onnx.backend import GROUPS, IN_SET, OUT, failure, in_set, ours, suite
from tests.onnx.known import fixed_inputs, known_failures

pytestmark = pytest.mark.onnx

INSTALLED = all(find_spec(package) for package in ("onnx", "onnxruntime"))
TESTS = {t.name: t for group in GROUPS for t in in_set(group)} if INSTALLED else {}
PAGE = Path(__file__).parents[2] / "docs/onnx-coverage.md"
FAILURES = known_failures()
FIXED_INPUTS = fixed_inputs()
# Its outcome hangs on the last digit of a sum, which the machine's BLAS decides.
DECIDED_BY_ROUNDING = {"test_squeezenet"}


@pytest.mark.parametrize("name", list(TESTS) or ["of every model"])
def test_model_gives_the_outputs_of_the_suite(name: str) -> None:
    found = failure(TESTS[name], ours)
    if name in FIXED_INPUTS:
        assert found is not None, "passes as it is: take it out of fixed_inputs.txt"
        assert failure(TESTS[name], ours, FIXED_INPUTS[name]) is None
    elif name in FAILURES:
        passes = "passes: take it out of known_failures.txt"
        assert found is not None or name in DECIDED_BY_ROUNDING, passes
    else:
        assert found is None


@pytest.mark.parametrize("group", GROUPS)
def test_every_test_of_the_set_is_there(group: str) -> None:
    assert len(in_set(group)) == IN_SET[group]


def test_every_exclusion_excludes_something() -> None:
    used = {p for group in GROUPS for test in suite(group) for p in test.excluded_by}
    assert used == set(OUT)


def test_what_is_known_to_fail_is_in_the_set_and_stated_once() -> None:
    assert set(FAILURES) | set(FIXED_INPUTS) <= set(TESTS)
    assert not set(FAILURES) & set(FIXED_INPUTS)


def test_the_page_says_what_fails() -> None:
    page = PAGE.read_text()
    assert [name for name in FAILURES if f"`{name}`" not in page] == []


@pytest.mark.parametrize("group", GROUPS)
def test_the_page_counts_what_passes(group: str) -> None:
    tests = in_set(group)
    failing = sum(test.name in FAILURES for test in tests)
    fixed = sum(test.name in FIXED_INPUTS for test in tests)
    passing = len(tests) - failing - fixed
    assert f"| {group} | {len(tests)} | {passing} | {passing + fixed} |" in PAGE.read_text()
