"""Opening a file without being hung or fooled: its bytes, mapped or copied into memory."""

import mmap
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from typing import TypeAlias

import numpy as np

from wnnx.errors import FileError, FileMissingError, FormatError
from wnnx.header import ALIGNMENT

# Large enough to be fast, small enough to stay in the processor's cache on its way.
CHUNK_BYTES = 8 << 20

Source: TypeAlias = bytes | memoryview | mmap.mmap

# Without O_NONBLOCK, opening a pipe that nobody writes to would never return.
_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read(path: str, *, mapped: bool) -> Source:
    """Return a file's bytes, read-only.

    Raises:
        FileMissingError: if there is no such file.
        FileError: if it cannot be opened or read, or is no regular file.
        FormatError: if it is empty, or shrinks while it is copied.
    """
    with _opened(path) as descriptor:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
            raise FileError(f"{path} is {kind}, not a file")
        if not found.st_size:
            raise FormatError("the file is empty")
        if mapped:
            return mmap.mmap(descriptor, found.st_size, access=mmap.ACCESS_READ)
        return _copied(descriptor, found.st_size)


@contextmanager
def _opened(path: str) -> Generator[int]:
    try:
        descriptor = os.open(path, _OPEN)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise FileMissingError(f"there is no file {path}") from None
    except FileError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        failure = FileError(f"{path} cannot be read: {reason}")
        failure.errno = error.errno if isinstance(error, OSError) else None
        raise failure from error


def _copied(descriptor: int, size: int) -> memoryview:
    """Read `size` bytes to an address that is a multiple of 64, as a map would have it."""
    buffer = np.empty(size + ALIGNMENT, np.uint8)
    begin = -buffer.ctypes.data % ALIGNMENT
    view = buffer.data[begin : begin + size]
    done = 0
    while done < size:
        count = os.readv(descriptor, [view[done : done + CHUNK_BYTES]])
        if not count:
            raise FormatError(f"the file shrank while it was read: {done} bytes of {size}")
        done += count
    return view.toreadonly()
