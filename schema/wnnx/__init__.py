"""The `.wnnx` format: graphs, operators' signatures, reading, writing, verifying."""

from wnnx.graph import Constant as Constant
from wnnx.graph import Graph as Graph
from wnnx.graph import Node as Node
from wnnx.graph import Value as Value
from wnnx.ops.registry import op as op
from wnnx.types import TensorType as TensorType
