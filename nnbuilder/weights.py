"""Weights from files."""
from typing import Any
import numpy as np
from wnnx.graph import Constant

def constant(array: Any, name: str = "") -> Constant:
    return Constant(name, np.asarray(array))
