"""Faults 62 to 68: at every moment there is the old file or the new one, and nothing else."""

import errno
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import wnnx
from tests.faults.saving import left_over, network, version_of
from wnnx.errors import FileError

ROOT = Path(__file__).parents[2]
ROOTS_RIGHTS = os.geteuid() == 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a file in a folder of its own, where version 1 of it is saved."""
    path = tmp_path / "net.wnnx"
    wnnx.save(network(1), path)
    return path


def killed_writer(path: Path, delay: float) -> None:
    """Let another process save to `path` for `delay` seconds, then kill it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.saving", path],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def test_62_kill_9_at_many_points(path: Path) -> None:
    delays = random.Random(62)
    for _ in range(8):
        killed_writer(path, delays.uniform(0, 0.05))
        assert version_of(path) in {1, 2}
    # What a killed process leaves is never taken for a model.
    assert all(name.startswith(".wnnx-") and name.endswith(".tmp") for name in left_over(path))


class Killed(BaseException):
    """Stands for the end of the process."""


CALLS = ("open", "write", "fchmod", "fsync", "close", "replace")


@pytest.mark.parametrize("call", CALLS)
def test_62_end_in_front_of_every_system_call(
    call: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing after the call happens, not even the clean-up: the old file is whole."""
    count = 0

    def end(*_: Any, **__: Any) -> Any:
        raise Killed

    while True:
        real, seen = getattr(os, call), 0

        def stop(*args: Any, real: Any = real, at: int = count, **kwargs: Any) -> Any:
            nonlocal seen
            if seen == at:
                monkeypatch.setattr(os, "unlink", end)
                raise Killed
            seen += 1
            return real(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, stop)
            try:
                wnnx.save(network(2), path)
            except Killed:
                pass
            else:
                break
        monkeypatch.undo()
        assert version_of(path) in {1, 2}
        count += 1
    assert count >= 1
    assert version_of(path) == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of 8 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = (
        ROOTS_RIGHTS
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "none", folder], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("mounting a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)  # files in it may still be mapped


def test_63_disk_full(small_disk: Path) -> None:
    path = small_disk / "net.wnnx"
    wnnx.save(network(1), path)
    (small_disk / "filler").write_bytes(bytes(2 << 20))
    with pytest.raises(
        FileError, match="No space left on device; nothing was changed"
    ) as found:
        wnnx.save(network(2), path)
    assert found.value.errno == errno.ENOSPC
    assert version_of(path) == 1
    assert left_over(path) == ["filler"]


def test_63_file_too_large(path: Path) -> None:
    """A limit that the system really enforces, after 1 MB is written."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        with pytest.raises(FileError, match="File too large; nothing was changed") as found:
            wnnx.save(network(2), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert found.value.errno == errno.EFBIG
    assert version_of(path) == 1
    assert left_over(path) == []


def failing(call: str, code: int, monkeypatch: pytest.MonkeyPatch, nth: int = 0) -> None:
    """Let the nth use of a system call, and every later one, fail."""
    real, seen = getattr(os, call), 0

    def fail(*args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen > nth:
            raise OSError(code, os.strerror(code))
        return real(*args, **kwargs)

    monkeypatch.setattr(os, call, fail)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("open", errno.EROFS),  # 64
        ("open", errno.EACCES),  # 65
        ("open", errno.EMFILE),
        ("write", errno.EIO),  # 66
        ("write", errno.ENOSPC),
        ("fsync", errno.EIO),
        ("close", errno.EIO),
        ("replace", errno.EIO),
        ("replace", errno.EPERM),
    ],
)
def test_64_to_66_the_system_fails(
    call: str, code: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing(call, code, patch)
        with pytest.raises(FileError, match="nothing was changed") as found:
            wnnx.save(network(2), path)
    assert found.value.errno == code
    assert str(path) in str(found.value)
    assert os.strerror(code) in str(found.value)
    assert version_of(path) == 1
    assert left_over(path) == []


def test_66_write_fails_in_the_middle(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        failing("write", errno.EIO, patch, nth=3)
        with pytest.raises(FileError, match="Input/output error"):
            wnnx.save(network(2), path)
    assert version_of(path) == 1
    assert left_over(path) == []


def test_66_the_folder_cannot_be_flushed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        failing("fsync", errno.EIO, patch, nth=1)
        with pytest.raises(FileError, match="the file was replaced, but a power failure"):
            wnnx.save(network(2), path)
    assert version_of(path) == 2
    assert left_over(path) == []


def test_66_short_writes_are_carried_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    def write(descriptor: int, data: memoryview) -> int:
        return real(descriptor, data[: max(1, len(data) // 2)])

    monkeypatch.setattr(os, "write", write)
    wnnx.save(network(2), path)
    assert path.read_bytes() == wnnx.to_bytes(network(2))


def test_65_no_permission_for_the_folder(path: Path) -> None:
    path.parent.chmod(0o555)
    user = os.geteuid()
    try:
        if ROOTS_RIGHTS:
            os.seteuid(65534)  # root may write everywhere
        with pytest.raises(FileError, match="Permission denied; nothing was changed"):
            wnnx.save(network(2), path)
    finally:
        os.seteuid(user)
        path.parent.chmod(0o755)
    assert version_of(path) == 1
    assert left_over(path) == []


def test_65_a_write_protected_file_in_a_writable_folder_is_replaced(path: Path) -> None:
    path.chmod(0o444)
    wnnx.save(network(2), path)
    assert version_of(path) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_67_two_writers(path: Path) -> None:
    failures: list[BaseException] = []

    def write(version: int) -> None:
        try:
            for _ in range(5):
                wnnx.save(network(version), path)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(version,)) for version in (2, 3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert version_of(path) in {1, 2, 3}
    for thread in threads:
        thread.join()
    assert failures == []
    assert version_of(path) in {2, 3}
    assert left_over(path) == []


@pytest.mark.parametrize("call", ["write", "fsync", "close", "replace"])
def test_68_ctrl_c(call: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, call, interrupt)
        with pytest.raises(KeyboardInterrupt):
            wnnx.save(network(2), path)
    assert version_of(path) == 1
    assert left_over(path) == []


def test_68_ctrl_c_by_a_real_signal(path: Path) -> None:
    """The signal arrives at some moment of a save; the temporary file is gone all the same."""
    for delay in (0.0, 0.004, 0.013, 0.03):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.saving", path],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        with process.stdout:
            process.stdout.readline()
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            assert process.wait() == -signal.SIGINT
        assert version_of(path) in {1, 2}
        assert left_over(path) == []
