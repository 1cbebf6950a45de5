"""Faults 1 to 11: the file itself."""

import gc
import mmap
import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import wnnx
from tests.schema.damage import front_of, sealed
from tests.schema.networks import described, everything, linear
from wnnx.errors import ChecksumError, FileError, FileMissingError, FormatError, WnnxError

VALID = wnnx.to_bytes(linear())


def refused(data: bytes, folder: Path) -> WnnxError:
    """Load these bytes in every way; return the error, always the same, with the path."""
    path = folder / "broken.wnnx"
    path.write_bytes(data)
    errors: list[WnnxError] = []
    for mapped in (True, False):
        with pytest.raises(WnnxError) as found:
            wnnx.load(path, mapped=mapped)
        errors.append(found.value)
    assert str(errors[0]) == str(errors[1])
    assert type(errors[0]) is type(errors[1])
    assert str(path) in str(errors[0])
    return errors[0]


def test_01_empty(tmp_path: Path) -> None:
    error = refused(b"", tmp_path)
    assert isinstance(error, FormatError)
    assert "the file is empty" in str(error)


def test_02_shorter_than_the_header(tmp_path: Path) -> None:
    error = refused(VALID[:20], tmp_path)
    assert isinstance(error, FormatError)
    assert "found 20 bytes, the header has 64" in str(error)


def test_03_every_truncation() -> None:
    for length in range(64, len(VALID)):
        with pytest.raises(FormatError, match=f"found {length} bytes.* says {len(VALID)}"):
            wnnx.from_bytes(VALID[:length])
    for length in range(64):
        with pytest.raises(FormatError):
            wnnx.from_bytes(VALID[:length])


@pytest.mark.parametrize("extra", [1, 63, 64, 5000])
def test_04_trailing_bytes(extra: int, tmp_path: Path) -> None:
    error = refused(VALID + bytes(extra), tmp_path)
    assert f"found {len(VALID) + extra} bytes, the header says {len(VALID)}" in str(error)
    resized = sealed(VALID + bytes(extra), file_size=len(VALID) + extra)
    assert "the last tensor ends at" in str(refused(resized, tmp_path))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04" + bytes(90), "a zip: perhaps a .pt"),
        (b"\x89HDF\r\n\x1a\n" + bytes(90), "HDF5"),
        (b"\x93NUMPY\x01\x00" + bytes(90), "numpy's .npy"),
        (b"GGUF\x03\0\0\0" + bytes(90), "GGUF"),
        (b"\x1c\0\0\0TFL3" + bytes(90), "TensorFlow Lite"),
        (b"\x40\0\0\0\0\0\0\0" + b'{"w":{}}' + bytes(90), "perhaps safetensors"),
        (b"\x08\x08\x12\x07pytorch" + bytes(90), "perhaps ONNX"),
        (b"\x80\x02\x8a\x0al" + bytes(90), "a pickle"),
        (b"\x1f\x8b\x08" + bytes(90), "compressed by gzip"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_05_wrong_magic_says_what_it_seems_to_be(
    data: bytes, kind: str, tmp_path: Path
) -> None:
    error = refused(data, tmp_path)
    assert isinstance(error, FormatError)
    assert "not a .wnnx file: it begins with" in str(error)
    assert f"({kind}" in str(error)


def test_05_wrong_magic_of_something_unknown(tmp_path: Path) -> None:
    text = str(refused(b"hello, world", tmp_path))
    assert text.endswith("not a .wnnx file: it begins with b'hello, w'")


@pytest.mark.parametrize("bit", range(64 * 8))
def test_06_header_checksum(bit: int) -> None:
    damaged = bytearray(VALID)
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(FormatError):
        wnnx.from_bytes(bytes(damaged))


def test_06_header_checksum_is_what_refuses_a_changed_reserved_byte(tmp_path: Path) -> None:
    damaged = bytearray(VALID)
    damaged[41] ^= 1
    assert isinstance(refused(bytes(damaged), tmp_path), ChecksumError)
    assert "reserved bytes" in str(refused(sealed(damaged), tmp_path))


def test_06_metadata_checksum(tmp_path: Path) -> None:
    damaged = bytearray(VALID)
    damaged[front_of(VALID).metadata_end - 1] ^= 1
    error = refused(bytes(damaged), tmp_path)
    assert isinstance(error, ChecksumError)
    assert "the metadata changed" in str(error)


def test_07_unknown_incompatible_feature_bit(tmp_path: Path) -> None:
    error = refused(sealed(VALID, incompatible=1 << 9), tmp_path)
    assert "incompatible bits 0x0200" in str(error)


def test_07_an_unknown_compatible_bit_is_no_fault() -> None:
    data = bytearray(VALID)
    data[14] = 0x80
    assert described(wnnx.from_bytes(sealed(data))) == described(linear())


def padding_of(data: bytes) -> list[int]:
    """Return where the padding of the valid file of `linear` is."""
    head = front_of(data)
    between = range(head.data_start + 48, head.data_start + 64)
    return [*range(head.metadata_end, head.data_start), *between]


def test_08_non_zero_padding() -> None:
    assert len(padding_of(VALID)) > 16
    for at in padding_of(VALID):
        damaged = bytearray(VALID)
        damaged[at] = 1
        with pytest.raises(FormatError, match="padding from byte"):
            wnnx.from_bytes(bytes(damaged))


def link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_pipe, "a pipe"),
        (Path.mkdir, "a folder"),
        (link_to_device, "a device"),
        (make_socket, ""),
    ],
)
@pytest.mark.timeout(20)
def test_09_no_regular_file(make: Callable[[Path], None], kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    make(path)
    for mapped in (True, False):
        with pytest.raises(FileError, match=re.escape(f"{path} ")) as found:
            wnnx.load(path, mapped=mapped)
        assert kind in str(found.value)


def test_10_missing(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match=re.escape(f"there is no file {tmp_path}/no")):
        wnnx.load(tmp_path / "no.wnnx")
    with pytest.raises(FileNotFoundError):
        wnnx.load(str(tmp_path / "no.wnnx"))


def test_10_a_path_that_is_none() -> None:
    with pytest.raises(FileError, match="cannot be read: embedded null byte"):
        wnnx.load("a\0b")


def test_10_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root nothing is forbidden, so the system's answer is made up there."""
    path = tmp_path / "x.wnnx"
    path.write_bytes(VALID)
    path.chmod(0)
    if os.geteuid() == 0:

        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileError, match="cannot be read: Permission denied") as found:
        wnnx.load(path)
    assert found.value.errno == 13


@pytest.mark.parametrize("mapped", [True, False])
def test_10_too_many_open_files(tmp_path: Path, mapped: bool) -> None:  # noqa: FBT001
    path = tmp_path / "x.wnnx"
    path.write_bytes(VALID)
    wnnx.load(path)  # everything is imported
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 8, hard))
    held: list[int] = []
    try:
        while len(held) < 100:
            held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    try:
        with pytest.raises(FileError, match="Too many open files"):
            wnnx.load(path, mapped=mapped)
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(wnnx.load(path, mapped=mapped).nodes) == 2


def test_10_a_failed_load_leaves_no_file_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        refused(VALID[:-1], tmp_path)
    gc.collect()  # pytest's own record of each error holds its frames
    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_11_a_copy_survives_that_the_file_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "x.wnnx"
    path.write_bytes(VALID)
    graph = wnnx.load(path, mapped=False)
    os.truncate(path, 0)
    assert described(graph) == described(linear())


def test_11_a_file_that_shrinks_while_it_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.wnnx"
    path.write_bytes(VALID)
    read = os.readv

    def shrink(descriptor: int, buffers: list[memoryview]) -> int:
        os.truncate(path, 100)
        return read(descriptor, buffers)

    monkeypatch.setattr(os, "readv", shrink)
    with pytest.raises(
        FormatError, match=f"shrank while it was read: 100 bytes of {len(VALID)}"
    ):
        wnnx.load(path, mapped=False)


def test_11_a_file_that_shrinks_before_it_is_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.wnnx"
    path.write_bytes(VALID)
    real = mmap.mmap

    def shrink(descriptor: int, size: int, access: int) -> mmap.mmap:
        os.truncate(path, 100)
        return real(descriptor, size, access=access)

    monkeypatch.setattr(mmap, "mmap", shrink)
    with pytest.raises(FileError, match="cannot be read"):
        wnnx.load(path)


def test_11_shrinking_a_mapped_file_ends_the_process_as_documented(tmp_path: Path) -> None:
    """A signal no program can catch: why `mapped=False` exists."""
    path = tmp_path / "x.wnnx"
    graph = linear()
    graph.add_constant(wnnx.Constant("large", np.ones(100_000, np.float32)))
    wnnx.save(graph, path)
    script = (
        "import sys, os, wnnx\n"
        "g = wnnx.load(sys.argv[1])\n"
        "os.truncate(sys.argv[1], 0)\n"
        "print(g.value('large').array.sum())"
    )
    result = subprocess.run([sys.executable, "-c", script, path], capture_output=True)
    assert result.returncode == -7


def test_sha256_is_checked_on_request(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "x.wnnx"
    wnnx.save(everything(), path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert described(wnnx.load(path, sha256=digest.upper())) == described(everything())
    with pytest.raises(ChecksumError, match=f"its SHA-256 is {digest}; expected 00ff"):
        wnnx.load(path, sha256="00ff")
