"""Weights: from numbers in memory, and from the files that others write."""

from nnbuilder.weights.memory import constant as constant
from nnbuilder.weights.numpy_files import from_npy as from_npy
from nnbuilder.weights.numpy_files import from_npz as from_npz
from nnbuilder.weights.raw_files import from_numpy_bin as from_numpy_bin
from nnbuilder.weights.safetensors_files import from_safetensors as from_safetensors
