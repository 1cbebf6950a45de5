"""Symbols for extents that only the data decides."""

import re
from zlib import crc32

from wnnx.dims import SymbolicDim, symbol
from wnnx.graph import Value

# A longer name is cut; its checksum tells it from others.
MAX_NAME = 80


def fresh_symbol(op: str, *inputs: Value, settings: tuple[object, ...] = ()) -> SymbolicDim:
    """Return the symbol of an extent that only the data decides.

    The same call on the same values has the same symbol, another call another one: it is made
    of the names of operator and inputs, "nonzero_x", and, where these are no identifier or do
    not tell two calls apart, a checksum.

    Args:
        op: The operator's name.
        inputs: What decides the extent.
        settings: The attributes that decide it too.
    """
    names = (op, *(value.name for value in inputs))
    plain = re.sub(r"[^A-Za-z0-9_]", "_", "_".join(names))
    told = plain == "_".join(names) and len(inputs) == 1 and not settings
    if told and len(plain) <= MAX_NAME:
        return symbol(plain)
    checksum = crc32(repr((names, settings)).encode("utf-8", "surrogatepass"))
    return symbol(f"{plain[:MAX_NAME]}_{checksum:08x}")
