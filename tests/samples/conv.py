"""Convolutions, over one, two and three axes."""

from functools import partial
from typing import Any

from tests.samples.sample import Sample, normal, spatial_namesake
from wnnx import ops

conv = partial(spatial_namesake, ops.conv)
conv_transpose = partial(spatial_namesake, ops.conv_transpose)


def padded_conv2d(torch: Any, x: Any, weight: Any, bias: Any) -> Any:
    """Pad the height by 0 and 2 and the width by 1 and 4, then convolve."""
    functional = torch.nn.functional
    return functional.conv2d(functional.pad(x, (1, 4, 0, 2)), weight, bias, stride=2)


def causal_conv1d(torch: Any, x: Any, weight: Any) -> Any:
    """Pad the begin by 2, then convolve."""
    return torch.nn.functional.conv1d(torch.nn.functional.pad(x, (2, 0)), weight)


def cut_conv_transpose2d(torch: Any, x: Any, weight: Any, bias: Any) -> Any:
    """Cut the height by 1 and 0 and the width by 2 and 3 after the whole of it."""
    whole = torch.nn.functional.conv_transpose2d(x, weight, bias, stride=2)
    return whole[:, :, 1:, 2:-3]


SAMPLES = [
    conv("1d", normal(2, 3, 9), normal(4, 3, 3, seed=1), normal(4, seed=2)),
    conv("1d-dilation", normal(2, 3, 9), normal(4, 3, 3, seed=1), padding=4, dilation=2),
    conv("1d-kernel-1", normal(2, 3, 9), normal(4, 3, 1, seed=1), stride=2, padding=1),
    conv("2d", normal(2, 3, 8, 7), normal(4, 3, 3, 3, seed=1), normal(4, seed=2)),
    conv("2d-no-bias", normal(1, 3, 8, 7), normal(4, 3, 3, 2, seed=1)),
    conv(
        "2d-stem", normal(1, 3, 13, 16), normal(5, 3, 7, 7, seed=1), normal(5, seed=2),
        stride=2, padding=3,
    ),
    conv(
        "2d-per-axis", normal(2, 3, 12, 11), normal(4, 3, 3, 2, seed=1), normal(4, seed=2),
        stride=(2, 1), padding=(2, 1), dilation=(1, 3),
    ),
    conv(
        "2d-groups", normal(2, 4, 6, 5), normal(6, 2, 3, 3, seed=1), normal(6, seed=2),
        padding=1, groups=2,
    ),
    conv("2d-depthwise", normal(2, 4, 6, 5), normal(4, 1, 3, 3, seed=1), padding=1, groups=4),
    conv(
        "2d-depthwise-times-2", normal(1, 3, 6, 5), normal(6, 1, 3, 3, seed=1),
        normal(6, seed=2), stride=2, groups=3,
    ),
    conv("2d-wide-padding", normal(1, 2, 3, 3), normal(2, 2, 2, 2, seed=1), padding=4),
    conv("2d-empty-batch", normal(0, 3, 8, 7), normal(4, 3, 3, 3, seed=1)),
    conv(
        "3d", normal(1, 2, 4, 5, 6), normal(4, 1, 2, 3, 3, seed=1), normal(4, seed=2),
        stride=(1, 2, 1), padding=(0, 1, 2), dilation=(2, 1, 1), groups=2,
    ),
    Sample(
        ops.conv,
        (normal(2, 3, 8, 7), normal(4, 3, 3, 3, seed=1), normal(4, seed=2)),
        padded_conv2d,
        {"padding": (0, 1, 2, 4), "stride": 2},
        "2d-asymmetric",
    ),
    Sample(
        ops.conv,
        (normal(2, 3, 8), normal(4, 3, 3, seed=1)),
        causal_conv1d,
        {"padding": (2, 0)},
        "1d-asymmetric",
    ),
    conv_transpose("1d", normal(2, 3, 5), normal(3, 4, 3, seed=1), normal(4, seed=2)),
    conv_transpose("2d", normal(2, 3, 4, 5), normal(3, 4, 2, 2, seed=1), stride=2),
    conv_transpose(
        "2d-output-padding", normal(1, 3, 4, 5), normal(3, 4, 3, 3, seed=1),
        normal(4, seed=2), stride=2, padding=1, output_padding=1,
    ),
    conv_transpose(
        "2d-per-axis", normal(1, 3, 4, 5), normal(3, 2, 3, 2, seed=1), normal(2, seed=2),
        stride=(3, 1), padding=(1, 2), output_padding=(2, 0), dilation=(1, 4),
    ),
    conv_transpose(
        "2d-groups", normal(2, 4, 4, 3), normal(4, 3, 3, 3, seed=1), normal(6, seed=2),
        stride=2, padding=1, groups=2,
    ),
    conv_transpose(
        "2d-depthwise", normal(1, 4, 4, 3), normal(4, 1, 4, 4, seed=1), stride=2, groups=4
    ),
    conv_transpose("2d-empty-batch", normal(0, 3, 4, 5), normal(3, 4, 2, 2, seed=1)),
    conv_transpose(
        "3d", normal(1, 4, 2, 3, 4), normal(4, 1, 2, 3, 2, seed=1), normal(2, seed=2),
        stride=(1, 2, 3), padding=(0, 1, 1), dilation=(2, 1, 1), groups=2,
    ),
    Sample(
        ops.conv_transpose,
        (normal(1, 3, 4, 5), normal(3, 2, 3, 3, seed=1), normal(2, seed=2)),
        cut_conv_transpose2d,
        {"padding": (1, 2, 0, 3), "stride": 2},
        "2d-asymmetric",
    ),
]  # fmt: skip
