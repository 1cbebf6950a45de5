"""Resampling, beside torch.nn.functional.interpolate."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, normal
from wnnx import ops
from wnnx.types import Array

# What interpolate's modes are called here.
MODES: dict[str, dict[str, Any]] = {
    "nearest": {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
    "nearest-exact": {"nearest_mode": "round_prefer_ceil"},
    "linear": {"mode": "linear"},
    "bilinear": {"mode": "linear"},
    "trilinear": {"mode": "linear"},
    "bicubic": {"mode": "cubic"},
}


def _interpolate(
    label: str,
    x: Array,
    mode: str,
    *,
    size: tuple[int, ...] | None = None,
    scale_factor: tuple[float, ...] | None = None,
    **options: Any,
) -> Sample:
    """Return a call along the spatial axes beside `interpolate`."""

    def oracle(torch: Any, x: Any) -> Any:
        function = torch.nn.functional.interpolate
        return function(x, size=size, scale_factor=scale_factor, mode=mode, **options)

    attributes = {
        "axes": tuple(range(2, x.ndim)),
        "sizes": size,
        "scales": scale_factor,
        **MODES[mode],
    }
    if options.get("align_corners"):
        attributes["coordinate_transformation_mode"] = "align_corners"
    if options.get("antialias"):
        attributes |= {"antialias": True, "exclude_outside": True, "cubic_coeff_a": -0.5}
    return Sample(ops.resize, (x,), oracle, attributes, f"{mode}-{label}")


def _cropped(torch: Any, x: Any, roi: Any) -> Any:
    """Read rows 1 to 3 of 5, by steps of a half, and columns as they are, to one beyond."""
    first = torch.stack([x[1], (x[1] + x[2]) / 2, x[2], (x[2] + x[3]) / 2, x[3]])
    beyond = torch.full((5, 1), -7.0, dtype=x.dtype)
    return torch.cat([first[:, 1:], beyond], 1)


def _doubled(torch: Any, x: Any) -> Any:
    return torch.repeat_interleave(x, 2, 0)


PICTURE = normal(2, 3, 6, 7)

SAMPLES = [
    _interpolate("up", PICTURE, "nearest", size=(11, 16)),
    _interpolate("down", PICTURE, "nearest", size=(4, 2)),
    _interpolate("scales", PICTURE, "nearest", scale_factor=(2.0, 1.5)),
    _interpolate("1d", normal(1, 2, 5), "nearest", size=(8,)),
    _interpolate("3d", normal(1, 2, 3, 4, 5), "nearest", size=(4, 3, 9)),
    _interpolate("up", PICTURE, "nearest-exact", size=(11, 16)),
    _interpolate("down", PICTURE, "nearest-exact", size=(4, 2)),
    _interpolate("1d", normal(1, 2, 9), "linear", size=(4,)),
    _interpolate("up", PICTURE, "bilinear", size=(11, 16)),
    _interpolate("down", PICTURE, "bilinear", size=(3, 2)),
    _interpolate("scales", PICTURE, "bilinear", scale_factor=(1.7, 0.6)),
    _interpolate("corners", PICTURE, "bilinear", size=(11, 3), align_corners=True),
    _interpolate("one-corner", PICTURE, "bilinear", size=(1, 14), align_corners=True),
    _interpolate("antialias", PICTURE, "bilinear", size=(4, 2), antialias=True),
    _interpolate("antialias-mixed", PICTURE, "bilinear", size=(9, 3), antialias=True),
    _interpolate("empty-batch", normal(0, 3, 6, 7), "bilinear", size=(4, 2)),
    _interpolate("3d", normal(1, 2, 3, 4, 5), "trilinear", size=(4, 3, 9)),
    _interpolate("up", PICTURE, "bicubic", size=(11, 16)),
    _interpolate("down", PICTURE, "bicubic", size=(3, 2)),
    _interpolate("scales", PICTURE, "bicubic", scale_factor=(0.7, 2.3)),
    _interpolate("corners", PICTURE, "bicubic", size=(11, 3), align_corners=True),
    _interpolate("antialias", PICTURE, "bicubic", size=(4, 2), antialias=True),
    Sample(
        ops.resize,
        (normal(5, 4), np.array([0.25, 1 / 3, 0.75, 4 / 3], np.float64)),
        _cropped,
        {
            "sizes": (5, 4),
            "mode": "linear",
            "coordinate_transformation_mode": "tf_crop_and_resize",
            "extrapolation_value": -7.0,
        },
        "cropped",
    ),
    Sample(ops.resize, (integers(3, 2),), _doubled, {"scales": (2.0, 1.0)}, "integers"),
    Sample(
        ops.resize,
        (integers(3, 2) > 0,),
        _doubled,
        {"sizes": 6, "axes": -2},
        "bool",
    ),
]
