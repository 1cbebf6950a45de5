"""Operators: their signatures, shape rules and specifications, one module per family."""

from wnnx.ops.activation import relu as relu
from wnnx.ops.linear import linear as linear
