"""Every operator as a builder's method: a line each."""

from nnbuilder.lift import lift
from wnnx import ops


class Operators:
    """The operators, in the order of their families."""

    linear = lift(ops.linear)
    relu = lift(ops.relu)
