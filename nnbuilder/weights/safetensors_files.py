"""safetensors files; the package that reads them is optional."""

import os
from typing import Any

from nnbuilder.weights.memory import frozen
from nnbuilder.weights.opening import checked_file, reading
from wnnx.errors import DTypeError, WeightError
from wnnx.graph import Constant

# What safetensors calls the element types that networks have.
ELEMENT_TYPES = (
    "F16", "BF16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "BOOL",
)  # fmt: skip


def from_safetensors(path: str | os.PathLike[str]) -> dict[str, Constant]:
    """Read the tensors of a `.safetensors` file.

    Args:
        path: The file.

    Returns:
        The constants by their names in the file, which are their own names too.

    Raises:
        FileMissingError: if there is no such file.
        WeightError: if the file is no whole safetensors file, or the package is not installed.
        DTypeError: if the format has no element type that a tensor has.
    """
    file = checked_file(path)
    opener = _opener()
    with reading(file, "a safetensors file"), opener(file, framework="numpy") as archive:
        names = archive.keys()
        return {name: _tensor(archive, name) for name in names}


def _tensor(archive: Any, name: str) -> Constant:
    """Read one tensor.

    Raises:
        DTypeError: if the format has no such element type.
    """
    code = archive.get_slice(name).get_dtype()
    if code not in ELEMENT_TYPES:
        known = ", ".join(ELEMENT_TYPES)
        raise DTypeError(f'"{name}" is {code}; known are {known}')
    return frozen(archive.get_tensor(name), name)


def _opener() -> Any:
    """Import what opens a file, and with it ml_dtypes, which bfloat16 tensors need.

    Raises:
        WeightError: if one of them is not installed.
    """
    try:
        import ml_dtypes as ml_dtypes
        from safetensors import safe_open
    except ImportError as error:
        raise WeightError(
            f"safetensors files need the package {error.name}: "
            "pip install 'nnbuilder[safetensors]'"
        ) from None
    return safe_open
