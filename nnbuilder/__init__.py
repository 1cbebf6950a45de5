"""Write neural networks by hand, layer by layer, and operate on finished ones."""

from nnbuilder.builder import Builder as Builder
from nnbuilder.weights import constant as constant
