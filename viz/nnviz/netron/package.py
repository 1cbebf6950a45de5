"""The files of the installed package `netron`, found without importing it."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from nnviz.errors import ViewError

OURS = ("message.js", "host.js")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_NAME = re.compile(r"[\w-]+(\.\w+)", re.ASCII)


def asset(name: str) -> bytes | None:
    """Return a file of the page by its bare name, ours before Netron's; None if there is none.

    A name with a folder in it is never a file of the page.
    """
    if content_type(name) is None:
        return None
    path = (Path(__file__).parent if name in OURS else _folder()) / name
    return path.read_bytes() if path.is_file() else None


def content_type(name: str) -> str | None:
    """Return the media type of a file of the page, or None if no such file can be one."""
    match = _NAME.fullmatch(name)
    return _TYPES.get(match[1]) if match else None


def text(name: str) -> str:
    """Return a text file of the page.

    Raises:
        ViewError: if this version of Netron has no such file.
    """
    found = asset(name)
    if found is None:
        raise ViewError(
            f"the installed netron has no {name}: pip install 'netron>=9.3.3,<9.4'"
        )
    return found.decode()


def script(name: str) -> str:
    """Return a JavaScript module as a script: without its exports.

    Raises:
        ViewError: if this version of Netron has no such file.
    """
    return re.sub(r"^export\b.*$", "", text(name), flags=re.MULTILINE)


@cache
def _folder() -> Path:
    spec = find_spec("netron")
    if spec is None or spec.origin is None:
        raise ViewError("netron is not installed: pip install 'netron>=9.3.3,<9.4'")
    return Path(spec.origin).parent
