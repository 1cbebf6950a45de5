"""Pictures read at places that other tensors name."""

from itertools import product
from typing import Any

import numpy as np

from tests.samples.sample import Sample, namesake, normal
from wnnx import ops
from wnnx.types import Array


def _grids() -> list[Sample]:
    """Return every combination of options, over places within the picture and beyond."""
    modes, paddings = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")
    picture, grid = normal(2, 3, 5, 6), normal(2, 4, 3, 2, seed=1)
    return [
        namesake(
            ops.grid_sample, picture, grid,
            mode=mode, padding_mode=padding, align_corners=corners,
            label=f"{mode}-{padding}{'-corners' * corners}",
        )
        for mode, padding, corners in product(modes, paddings, (False, True))
    ]  # fmt: skip


def _plain(label: str, x: Array, grid: Array, **attributes: Any) -> Sample:
    given = {"align_corners": False, **attributes}
    return namesake(ops.grid_sample, x, grid, label=label, **given)


def _aligned(label: str, x: Array, rois: Array, indices: Array, **attributes: Any) -> Sample:
    """Return a call beside PyTorch's grid_sample at the same places, for rois within `x`."""
    bins = attributes["output_size"]
    ratio = attributes["sampling_ratio"]
    scale = attributes.get("spatial_scale", 1.0)
    shift = attributes.get("coordinate_transformation_mode") != "output_half_pixel"

    def oracle(torch: Any, x: Any, rois: Any, indices: Any) -> Any:
        pooled: list[Any] = []
        for roi, index in zip(rois * scale - 0.5 * shift, indices, strict=True):
            places = [
                (torch.arange(n * ratio, dtype=x.dtype) + 0.5) / (n * ratio) * (high - low)
                + low
                for n, low, high in ((bins[0], roi[1], roi[3]), (bins[1], roi[0], roi[2]))
            ]
            rows, columns = torch.meshgrid(*places, indexing="ij")
            height, width = x.shape[2:]
            grid = torch.stack(
                [columns * 2 / (width - 1) - 1, rows * 2 / (height - 1) - 1], -1
            )
            sample = torch.nn.functional.grid_sample
            sampled = sample(x[index][None], grid[None], align_corners=True)
            pooled.append(torch.nn.functional.avg_pool2d(sampled, ratio)[0])
        return torch.stack(pooled)

    return Sample(ops.roi_align, (x, rois, indices), oracle, attributes, label)


def _top_left(torch: Any, x: Any, rois: Any, indices: Any) -> Any:
    """Return the greatest element of each quarter, where the samples lie on elements."""
    return torch.nn.functional.max_pool2d(x[:, :, :4, :4], 2)[indices]


ROIS = np.array([[1, 1, 5.5, 4], [0.5, 0.5, 6.5, 5.5], [2, 1, 3, 5]], np.float32)

SAMPLES = [
    *_grids(),
    _plain("3d", normal(2, 3, 4, 5, 6), normal(2, 3, 2, 4, 3)),
    _plain("3d-nearest", normal(1, 2, 4, 5, 6), normal(1, 3, 2, 4, 3), mode="nearest"),
    _plain("3d-reflection", normal(1, 2, 4, 5, 6), normal(1, 3, 2, 4, 3, scale=3),
           padding_mode="reflection"),
    _plain("far", normal(1, 2, 3, 4), normal(1, 3, 3, 2, scale=9), padding_mode="reflection"),
    _plain("one-element", normal(1, 2, 1, 1), normal(1, 3, 3, 2), padding_mode="border"),
    _plain("empty-batch", normal(0, 2, 3, 4), normal(0, 5, 1, 2)),
    _plain("empty-grid", normal(2, 2, 3, 4), normal(2, 0, 1, 2)),
    _aligned("avg", normal(2, 3, 7, 8), ROIS, np.array([1, 0, 1]), output_size=(2, 3),
             sampling_ratio=2),
    _aligned("scaled", normal(2, 3, 7, 8), ROIS * 2, np.array([1, 0, 1]), output_size=(3, 3),
             sampling_ratio=3, spatial_scale=0.5,
             coordinate_transformation_mode="output_half_pixel"),
    Sample(
        ops.roi_align,
        (normal(2, 3, 5, 6) ** 2, np.array([[0, 0, 4, 4]], np.float32), np.array([1])),
        _top_left,
        {"output_size": 2, "sampling_ratio": 0, "mode": "max"},
        "max",
    ),
]  # fmt: skip
