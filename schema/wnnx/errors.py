"""Everything that can be wrong with a graph, a file, a weight or a run.

Each message says where, what was found, what was expected and, where one can know it,
what to do.
"""

from collections.abc import Sequence


class WnnxError(Exception):
    """Above every error that NNBuilder raises on purpose."""


class ShapeError(WnnxError):
    """Tensors whose shapes do not fit together, or a shape that is none."""


class DTypeError(WnnxError):
    """An element type that is unknown, or that an operator does not take."""


class DimError(WnnxError):
    """Text that is not a dimension, or a symbol whose size is not known."""


class ArgumentError(WnnxError):
    """An operator called with an argument it does not have, lacks or cannot take."""


class UnknownOpError(WnnxError):
    """An operator, or a version of one, that nobody registered."""


class GraphError(WnnxError):
    """A graph that is not whole: names, edges, order, missing outputs."""


class FormatError(WnnxError):
    """Bytes that are not a valid `.wnnx` file."""


class ChecksumError(FormatError):
    """Bytes that changed after they were written."""


class LimitError(FormatError):
    """A file that asks for more than the limits allow."""


class WeightError(WnnxError):
    """A weight file or a weight that does not fit what was asked of it."""


class FileError(WnnxError, OSError):
    """A file that cannot be read or written: permission, space, a failing disk, no file."""


class FileMissingError(FileError, FileNotFoundError):
    """A file that is not there."""


class RunError(WnnxError):
    """A run that was asked for the impossible: names, shapes or element types."""


class KernelError(RunError):
    """A kernel that failed, or returned something its shape rule does not allow."""


class ImportFailedError(WnnxError):
    """A model of another format that cannot be had here; `failures` lists every part of it."""

    def __init__(self, message: str, failures: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.failures = tuple(failures)


class PrecisionWarning(UserWarning):
    """A layer that keeps float32 weights because float16 would destroy them."""


class WeightWarning(UserWarning):
    """Weights that were missing, left over or of another shape."""
