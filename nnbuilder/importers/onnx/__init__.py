"""ONNX models, imported: one short function per operator, one small file per family."""

from nnbuilder.importers.onnx.importing import from_onnx as from_onnx
from nnbuilder.importers.onnx.importing import import_onnx as import_onnx
from nnbuilder.importers.onnx.report import Failure as Failure
from nnbuilder.importers.onnx.report import ImportReport as ImportReport
