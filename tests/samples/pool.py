"""Pools, over one, two and three axes."""

import math
from functools import partial
from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, normal, positive, spatial_namesake
from wnnx import ops
from wnnx.types import Array

max_pool = partial(spatial_namesake, ops.max_pool)
avg_pool = partial(spatial_namesake, ops.avg_pool)
adaptive_avg_pool = partial(spatial_namesake, ops.adaptive_avg_pool)
adaptive_max_pool = partial(spatial_namesake, ops.adaptive_max_pool)
lp_pool = partial(spatial_namesake, ops.lp_pool)


def max_pool_with_indices(
    label: str, x: Array, *, indices: str = "plane", **attributes: Any
) -> Sample:
    """Return a call beside PyTorch's, whose indices count within a channel, row by row."""

    def oracle(torch: Any, x: Any) -> Any:
        function = getattr(torch.nn.functional, f"max_pool{x.ndim - 2}d")
        if x.dtype == torch.int64:  # it has no indices of integers
            found, places = function(x.double(), **attributes, return_indices=True)
            return found.long(), places
        found, places = function(x, **attributes, return_indices=True)
        batch, channels, *spatial = x.shape
        if indices == "column_major":
            axes = torch.unravel_index(places, spatial)
            strides = [math.prod(spatial[:axis]) for axis in range(len(spatial))]
            places = sum(map(math.prod, zip(axes, strides, strict=True)))
        if indices != "plane":
            firsts = torch.arange(batch * channels) * math.prod(spatial)
            places += firsts.reshape(batch, channels, *[1] * len(spatial))
        return found, places

    given = {**attributes, "indices": indices}
    return Sample(ops.max_pool_with_indices, (x,), oracle, given, label)


def dilated_avg_pool2d(torch: Any, x: Any) -> Any:
    """Return the mean of 2 x 3 elements 3 and 2 apart, as a convolution of each channel."""
    functional = torch.nn.functional
    weight = torch.full((3, 1, 2, 3), 1 / 6, dtype=x.dtype)
    padded = functional.pad(x, (1, 3, 0, 2))
    return functional.conv2d(padded, weight, stride=2, dilation=(3, 2), groups=3)


def padded_max_pool2d(torch: Any, x: Any) -> Any:
    """Pad the height by 1 and 0 and the width by 0 and 2, then pool."""
    functional = torch.nn.functional
    padded = functional.pad(x, (0, 2, 1, 0), value=-torch.inf)
    return functional.max_pool2d(padded, 3, stride=2)


def padded_avg_pool2d(torch: Any, x: Any) -> Any:
    """Pad the height by 1 and 0 and the width by 0 and 2, then pool."""
    functional = torch.nn.functional
    return functional.avg_pool2d(functional.pad(x, (0, 2, 1, 0)), 3, stride=2)


def mean_of_halves(torch: Any, x: Any) -> Any:
    """Keep the height, and make the width 2."""
    return torch.nn.functional.adaptive_avg_pool2d(x, (None, 2))


def with_nan(x: Array) -> Array:
    """Return `x` with a NaN in it."""
    x[0, 0, 1, 1] = np.nan
    return x


def with_nans(x: Array) -> Array:
    """Return `x` with three NaNs in it."""
    x[0, 0, (1, 1, 2), (1, 2, 0)] = np.nan
    return x


SAMPLES = [
    max_pool("1d", normal(2, 3, 9), kernel_size=3),
    max_pool("1d-ceil", normal(2, 3, 10), kernel_size=3, stride=2, ceil_mode=True),
    max_pool("2d", normal(2, 3, 8, 7), kernel_size=2),
    max_pool("2d-stem", normal(1, 3, 9, 8) - 5, kernel_size=3, stride=2, padding=1),
    max_pool(
        "2d-per-axis",
        normal(2, 3, 11, 12),
        kernel_size=(3, 2),
        stride=(1, 3),
        padding=(1, 0),
        dilation=(2, 1),
    ),
    max_pool(
        "2d-ceil",
        normal(1, 2, 7, 8),
        kernel_size=(2, 3),
        stride=2,
        padding=(1, 1),
        ceil_mode=True,
    ),
    max_pool(
        "2d-ceil-window-left-out",
        normal(1, 2, 4, 5),
        kernel_size=2,
        stride=3,
        padding=1,
        ceil_mode=True,
    ),
    max_pool("2d-nan", with_nan(normal(1, 2, 6, 6)), kernel_size=2),
    max_pool("2d-int64", integers(2, 3, 6, 7) - 20, kernel_size=3, stride=2, padding=1),
    max_pool("2d-uint8", integers(2, 3, 6, 7, low=0).astype(np.uint8), kernel_size=2),
    max_pool("2d-empty-batch", normal(0, 3, 8, 7), kernel_size=2),
    max_pool("3d", normal(1, 2, 5, 6, 7), kernel_size=(2, 3, 3), stride=2, padding=1),
    Sample(
        ops.max_pool,
        (normal(1, 3, 7, 8),),
        padded_max_pool2d,
        {"kernel_size": 3, "stride": 2, "padding": (1, 0, 0, 2)},
        "2d-asymmetric",
    ),
    avg_pool("1d", normal(2, 3, 9), kernel_size=3),
    avg_pool("1d-padded", normal(2, 3, 9), kernel_size=4, stride=2, padding=2),
    avg_pool("2d", normal(2, 3, 8, 7), kernel_size=2),
    avg_pool("2d-padded", normal(2, 3, 8, 7), kernel_size=3, stride=1, padding=1),
    avg_pool(
        "2d-without-padding",
        normal(2, 3, 8, 7),
        kernel_size=3,
        stride=2,
        padding=1,
        count_include_pad=False,
    ),
    avg_pool(
        "2d-ceil",
        normal(2, 3, 8, 7),
        kernel_size=(3, 2),
        stride=2,
        padding=1,
        ceil_mode=True,
    ),
    avg_pool(
        "2d-ceil-without-padding",
        normal(2, 3, 8, 7),
        kernel_size=(3, 2),
        stride=2,
        padding=1,
        ceil_mode=True,
        count_include_pad=False,
    ),
    avg_pool("2d-empty-batch", normal(0, 3, 8, 7), kernel_size=2),
    avg_pool("3d", normal(1, 2, 5, 6, 7), kernel_size=(2, 3, 3), stride=2, padding=1),
    Sample(
        ops.avg_pool,
        (normal(1, 3, 7, 8),),
        padded_avg_pool2d,
        {"kernel_size": 3, "stride": 2, "padding": (1, 0, 0, 2)},
        "2d-asymmetric",
    ),
    adaptive_avg_pool("1d", normal(2, 3, 9), output_size=4),
    adaptive_avg_pool("2d-global", normal(2, 3, 8, 7), output_size=1),
    adaptive_avg_pool("2d", normal(2, 3, 10, 7), output_size=(4, 3)),
    adaptive_avg_pool("2d-larger", normal(2, 3, 3, 5), output_size=(7, 5)),
    adaptive_avg_pool("2d-empty-batch", normal(0, 3, 8, 7), output_size=2),
    adaptive_avg_pool("3d", normal(1, 2, 5, 6, 7), output_size=(2, 3, 4)),
    Sample(
        ops.adaptive_avg_pool,
        (normal(2, 3, 6, 7),),
        mean_of_halves,
        {"output_size": (-1, 2)},
        "2d-kept",
    ),
    max_pool_with_indices("1d", normal(2, 3, 9), kernel_size=3),
    max_pool_with_indices(
        "2d-stem", normal(2, 3, 9, 8) - 5, kernel_size=3, stride=2, padding=1
    ),
    max_pool_with_indices(
        "2d-per-axis",
        normal(2, 3, 11, 12),
        kernel_size=(3, 2),
        stride=(1, 3),
        padding=(1, 0),
        dilation=(2, 1),
    ),
    max_pool_with_indices(
        "2d-ceil", normal(1, 2, 7, 8), kernel_size=(2, 3), stride=2, padding=1, ceil_mode=True
    ),
    max_pool_with_indices(
        "2d-equals",
        np.round(normal(1, 2, 8, 8)),
        kernel_size=3,
        stride=1,
        padding=1,
    ),
    max_pool_with_indices("2d-nan", with_nans(normal(1, 2, 6, 6)), kernel_size=3, stride=1),
    max_pool_with_indices(
        "2d-lowest", np.full((1, 1, 3, 3), -np.inf, np.float32), kernel_size=3, padding=1
    ),
    max_pool_with_indices("2d-int64", integers(2, 3, 6, 7) - 20, kernel_size=3, padding=1),
    max_pool_with_indices("2d-empty-batch", normal(0, 3, 8, 7), kernel_size=2),
    max_pool_with_indices("3d", normal(1, 2, 5, 6, 7), kernel_size=(2, 3, 3), stride=2),
    *(
        max_pool_with_indices(
            f"{indices}-{x.ndim - 2}d", x, kernel_size=2, stride=1, indices=indices
        )
        for indices in ("row_major", "column_major")
        for x in (normal(2, 3, 5), normal(2, 3, 4, 5), normal(2, 2, 3, 4, 5))
    ),
    Sample(
        ops.avg_pool,
        (normal(2, 3, 9, 10),),
        dilated_avg_pool2d,
        {"kernel_size": (2, 3), "stride": 2, "padding": (0, 1, 2, 3), "dilation": (3, 2)},
        "2d-dilated",
    ),
    lp_pool("1d", normal(2, 3, 9), norm_type=2.0, kernel_size=3),
    lp_pool("1d-cube", positive(2, 3, 9), norm_type=3.0, kernel_size=3, stride=2),
    lp_pool("2d", normal(2, 3, 8, 7), norm_type=4.0, kernel_size=(2, 3)),
    lp_pool("2d-strides", normal(2, 3, 8, 7), norm_type=2.0, kernel_size=3, stride=(1, 2)),
    lp_pool("2d-half", positive(2, 3, 8, 7), norm_type=0.5, kernel_size=2),
    lp_pool("2d-empty-batch", normal(0, 3, 8, 7), norm_type=2.0, kernel_size=2),
    lp_pool("3d", normal(1, 2, 5, 6, 7), norm_type=2.0, kernel_size=(2, 3, 3), stride=2),
    adaptive_max_pool("1d", normal(2, 3, 9), output_size=4),
    adaptive_max_pool("2d-global", normal(2, 3, 8, 7), output_size=1),
    adaptive_max_pool("2d", normal(2, 3, 10, 7), output_size=(4, 3)),
    adaptive_max_pool("2d-larger", normal(2, 3, 3, 5), output_size=(7, 5)),
    adaptive_max_pool("2d-nan", with_nan(normal(1, 2, 6, 6)), output_size=4),
    adaptive_max_pool("3d", normal(1, 2, 5, 6, 7), output_size=(2, 3, 4)),
]
