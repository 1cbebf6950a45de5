"""What every weight file goes through: it must be there, and whole."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from wnnx.errors import FileMissingError, WeightError, WnnxError
from wnnx.graph import suggestion

# Files from this size on, in bytes, are mapped rather than read.
MAP_BYTES = 1 << 20


def checked_file(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file that is there.

    Raises:
        FileMissingError: if there is none; it names files that are called alike.
        WeightError: if it is a folder.
    """
    file = Path(path)
    if file.is_dir():
        raise WeightError(f"{file} is a folder; expected a weight file")
    if file.exists():
        return file
    if not file.parent.is_dir():
        raise FileMissingError(
            f"no such file: {file}; there is no folder {file.parent} either"
        )
    hint = suggestion(file.name, sorted(os.listdir(file.parent)))
    raise FileMissingError(f"no such file: {file}{hint}")


@contextmanager
def reading(file: Path, kind: str) -> Generator[None]:
    """Turn whatever a library raises about a file into one line that names the file.

    Args:
        file: The file.
        kind: What it should be: "a .npy file".

    Raises:
        WeightError: if anything but an error of ours is raised inside.
    """
    try:
        yield
    except WnnxError as error:
        raise type(error)(f"{file}: {error}") from None
    except OSError as error:
        raise WeightError(f"{file} cannot be read: {error.strerror or error}") from None
    except Exception as error:
        # Foreign bytes make parsers fail in every way there is.
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        raise WeightError(f"{file} cannot be read as {kind}: {said}") from None
