"""Write neural networks by hand, layer by layer, and operate on finished ones."""

from nnbuilder.builder import Builder as Builder
from nnbuilder.importers.onnx import from_onnx as from_onnx
from nnbuilder.loading import WeightReport as WeightReport
from nnbuilder.weights import constant as constant
from nnbuilder.weights import from_npy as from_npy
from nnbuilder.weights import from_npz as from_npz
from nnbuilder.weights import from_numpy_bin as from_numpy_bin
from nnbuilder.weights import from_safetensors as from_safetensors
from wnnx.graph import Constant as Constant
