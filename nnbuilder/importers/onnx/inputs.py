"""The symbols of a model's inputs, under names that dimensions can have."""

import re
from typing import Any

from nnbuilder.importers.onnx.converters import CannotConvertError
from nnbuilder.importers.onnx.operators.arguments import dtype_of
from wnnx.dims import Dim, symbol
from wnnx.types import TensorType, checked_shape

RESERVED = {"min", "max"}


class InputTypes:
    """Reads the types of one model's inputs: the same ONNX symbol is the same symbol here."""

    def __init__(self) -> None:
        self._symbols: dict[str, str] = {}

    def read(self, info: Any) -> TensorType:
        """Return the type a ValueInfoProto says.

        Raises:
            CannotConvertError: if it is no tensor, or does not say how many axes it has.
            ShapeError: if it has more than 8 axes.
        """
        if info.type.WhichOneof("value") != "tensor_type":
            kind = info.type.WhichOneof("value") or "nothing"
            raise CannotConvertError(f"it is {kind}; expected a tensor")
        tensor = info.type.tensor_type
        dtype = dtype_of(tensor.elem_type)
        if not tensor.HasField("shape"):
            raise CannotConvertError("the model does not say how many axes it has")
        dims = [self._dim(dim, f"{info.name}_{i}") for i, dim in enumerate(tensor.shape.dim)]
        return TensorType(dtype, checked_shape(dims))

    def _dim(self, dim: Any, unnamed: str) -> Dim:
        kind = dim.WhichOneof("value")
        # Some exporters write -1 for an extent that they leave open; 0 is an empty axis.
        if kind == "dim_value" and dim.dim_value >= 0:
            return int(dim.dim_value)
        if kind == "dim_param" and dim.dim_param:
            return symbol(self._named(dim.dim_param))
        return symbol(self._fresh(unnamed))

    def _named(self, text: str) -> str:
        if text not in self._symbols:
            self._symbols[text] = self._fresh(text)
        return self._symbols[text]

    def _fresh(self, text: str) -> str:
        """Return an identifier like `text` that stands for nothing yet."""
        base = re.sub(r"\W+", "_", text).strip("_") or "dim"
        base = base if base.isidentifier() and base not in RESERVED else f"dim_{base}"
        taken, name, count = set(self._symbols.values()), base, 1
        while name in taken:
            name, count = f"{base}_{count}", count + 1
        self._symbols.setdefault(f"\0{name}", name)  # reserved, but no text stands for it
        return name
