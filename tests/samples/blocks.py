"""Blocks of the spatial axes as channels, and channels as blocks."""

from typing import Any

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array


def _depth_to_space(x: Array, side: int) -> Sample:
    """Return mode DCR beside PyTorch's order, whose channels are put into the other first."""

    def oracle(torch: Any, x: Any) -> Any:
        split = x.unflatten(-3, (side * side, -1)).transpose(-3, -4).flatten(-4, -3)
        return torch.pixel_shuffle(split, side)

    attributes = {"upscale_factor": side, "mode": "DCR"}
    return Sample(ops.pixel_shuffle, (x,), oracle, attributes, f"DCR-{x.ndim}-axes")


def _space_to_depth(x: Array, side: int) -> Sample:
    def oracle(torch: Any, x: Any) -> Any:
        y = torch.pixel_unshuffle(x, side)
        return y.unflatten(-3, (-1, side * side)).transpose(-3, -4).flatten(-4, -3)

    attributes = {"downscale_factor": side, "mode": "DCR"}
    return Sample(ops.pixel_unshuffle, (x,), oracle, attributes, f"DCR-{x.ndim}-axes")


def _unfold1d(torch: Any, x: Any) -> Any:
    return torch.nn.functional.unfold(x[:, :, None], (1, 3), 2, (0, 1), 2)


def _fold1d(torch: Any, x: Any) -> Any:
    return torch.nn.functional.fold(x, (1, 7), (1, 3), 2, (0, 1), 2)[:, :, 0]


def _uneven(torch: Any, x: Any) -> Any:
    return torch.nn.functional.unfold(torch.nn.functional.pad(x, (0, 2, 1, 0)), 2)


def _uneven_fold(torch: Any, x: Any) -> Any:
    """Crop what the padding covers: one row in front, two columns behind."""
    return torch.nn.functional.fold(x, (4, 5), 2)[:, :, 1:, :-2]


SAMPLES = [
    namesake(ops.pixel_shuffle, normal(2, 8, 3, 4), upscale_factor=2),
    namesake(ops.pixel_shuffle, normal(9, 2, 1), upscale_factor=3, label="three-axes"),
    namesake(ops.pixel_shuffle, normal(0, 4, 2, 2), upscale_factor=2, label="empty"),
    namesake(ops.pixel_shuffle, integers(2, 4, 2, 2), upscale_factor=1, label="integers"),
    _depth_to_space(normal(2, 8, 3, 4), 2),
    _depth_to_space(normal(2, 1, 18, 3, 4), 3),
    namesake(ops.pixel_unshuffle, normal(2, 3, 4, 6), downscale_factor=2),
    namesake(ops.pixel_unshuffle, normal(1, 6, 3), downscale_factor=3, label="three-axes"),
    _space_to_depth(normal(2, 3, 4, 6), 2),
    _space_to_depth(normal(3, 6, 3), 3),
    namesake(ops.unfold, normal(2, 3, 5, 6), kernel_size=2),
    namesake(
        ops.unfold, normal(2, 3, 5, 6), kernel_size=(3, 2), dilation=(1, 2), padding=(2, 1),
        stride=(2, 3), label="everything",
    ),
    namesake(ops.unfold, normal(1, 1, 2, 2), kernel_size=1, padding=2, label="only-padding"),
    Sample(
        ops.unfold, (normal(2, 3, 7),), _unfold1d,
        {"kernel_size": 3, "dilation": 2, "padding": 1, "stride": 2}, "1d",
    ),
    Sample(
        ops.unfold, (normal(1, 2, 3, 3),), _uneven,
        {"kernel_size": 2, "padding": (1, 0, 0, 2)}, "uneven",
    ),
    namesake(ops.fold, normal(2, 12, 20), output_size=(5, 6), kernel_size=2),
    namesake(
        ops.fold, normal(2, 18, 12), output_size=(5, 6), kernel_size=(3, 2), dilation=(1, 2),
        padding=(2, 1), stride=(2, 2), label="everything",
    ),
    Sample(
        ops.fold, (normal(2, 9, 3),), _fold1d,
        {"output_size": 7, "kernel_size": 3, "dilation": 2, "padding": 1, "stride": 2}, "1d",
    ),
    Sample(
        ops.fold, (normal(1, 8, 12),), _uneven_fold,
        {"output_size": (3, 3), "kernel_size": 2, "padding": (1, 0, 0, 2)}, "uneven",
    ),
]  # fmt: skip
