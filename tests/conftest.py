"""Tests that need something installed say so by a marker; in CI no skip is silent."""

import os
import shutil
from collections.abc import Callable, Generator
from importlib.util import find_spec
from pathlib import Path

import pytest

NEEDS: dict[str, tuple[str, Callable[[], bool]]] = {
    "torch": ("needs PyTorch", lambda: find_spec("torch") is not None),
    "onnx": (
        "needs ONNX Runtime",
        lambda: all(find_spec(package) for package in ("onnx", "onnxruntime")),
    ),
    "browser": ("needs Chromium", lambda: shutil.which("chromium") is not None),
    "flatc": ("needs the FlatBuffers compiler", lambda: shutil.which("flatc") is not None),
}
ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.txt")


def allowed_skips(*, all_installed: bool) -> set[str]:
    """Return the reasons that CI accepts; those marked "always" need more than packages."""
    lines = [line.split(": ", 1) for line in ALLOWED_SKIPS.read_text().splitlines()]
    return {reason for when, reason in lines if when == "always" or not all_installed}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-all",
        action="store_true",
        help="fail, rather than skip, where something a test needs is not installed",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--require-all"):
        return
    for marker, (reason, installed) in NEEDS.items():
        if not installed():
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and "CI" in os.environ:
        assert isinstance(report.longrepr, tuple)
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if reason not in allowed_skips(
            all_installed=bool(item.config.getoption("--require-all"))
        ):
            report.outcome = "failed"
            report.longrepr = f"skipped in CI, where {reason!r} is not allowed"
    return report
