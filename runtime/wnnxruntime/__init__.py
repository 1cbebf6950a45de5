"""Runs `.wnnx` graphs on a CPU."""

import wnnxruntime.reference as reference
from wnnxruntime.registry import kernel as kernel
