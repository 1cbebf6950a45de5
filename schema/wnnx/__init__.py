"""The `.wnnx` format: graphs, operators' signatures, reading, writing, verifying."""

from wnnx.graph import Constant as Constant
from wnnx.graph import Graph as Graph
from wnnx.graph import Node as Node
from wnnx.graph import Value as Value
from wnnx.ops.attributes import NodeOptions as NodeOptions
from wnnx.ops.registry import op as op
from wnnx.reader import from_bytes as from_bytes
from wnnx.reader import load as load
from wnnx.types import TensorType as TensorType
from wnnx.writer import save as save
from wnnx.writer import to_bytes as to_bytes
