"""Replacing a file in one step: at every moment there is the old file or the new one."""

import os
import secrets
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

from wnnx.errors import FileError, FileMissingError

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


@contextmanager
def replacing(path: str) -> Generator[Callable[[bytes], None]]:
    """Give a function that writes bytes to what becomes the file `path` when the block ends.

    A file beside it is written, flushed to the disk and renamed, then the folder is flushed.
    Where anything fails, an interrupt too, that file is removed and `path` is as it was.

    Raises:
        FileMissingError: if the folder is not there.
        FileError: if the system refuses or fails; `errno` is the system's.
    """
    folder = os.path.dirname(path) or "."
    temporary = os.path.join(folder, f".wnnx-{secrets.token_hex(8)}.tmp")
    try:
        try:
            permissions = _permissions(path)
            with _created(temporary, permissions) as descriptor:
                yield lambda data: _write(descriptor, data)
                os.fsync(descriptor)
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError, ValueError):
                os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        failure = _failure(error, path, folder, "nothing was changed")
        raise failure from error
    try:
        _flush_folder(folder)
    except OSError as error:
        outcome = "the file was replaced, but a power failure may undo that"
        failure = _failure(error, path, folder, outcome)
        raise failure from error


@contextmanager
def _created(temporary: str, permissions: int | None) -> Generator[int]:
    descriptor = os.open(temporary, _CREATE, 0o666)
    try:
        if permissions is not None:
            os.fchmod(descriptor, permissions)
        yield descriptor
    finally:
        os.close(descriptor)


def _permissions(path: str) -> int | None:
    """Return the permissions of the file that is replaced; None for those of any new file."""
    try:
        found = os.lstat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found):
        return None
    if not stat.S_ISREG(found):
        raise FileError(f"{path} is a folder, a device or a pipe; only a file can be replaced")
    return stat.S_IMODE(found)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _flush_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(error: OSError | ValueError, path: str, folder: str, outcome: str) -> FileError:
    if isinstance(error, FileError):
        return error
    if isinstance(error, FileNotFoundError):
        return FileMissingError(f"{path} cannot be written: there is no folder {folder!r}")
    reason = error.strerror if isinstance(error, OSError) else error
    failure = FileError(f"{path} cannot be written: {reason}; {outcome}")
    failure.errno = error.errno if isinstance(error, OSError) else None
    return failure
