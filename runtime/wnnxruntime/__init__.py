"""Runs `.wnnx` networks on a CPU."""

from wnnxruntime import reference as reference
from wnnxruntime.profile import Profile as Profile
from wnnxruntime.registry import kernel as kernel
from wnnxruntime.session import Session as Session
from wnnxruntime.session import TensorInfo as TensorInfo
