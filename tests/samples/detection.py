"""What is found: how many there are, only the data say."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, normal
from wnnx import ops
from wnnx.types import Array


def _nonzero(torch: Any, x: Any) -> Any:
    return torch.nonzero(x).T


def corners(*shape: int, seed: int = 0) -> Array:
    """Return boxes (..., 4): two opposite corners in any order."""
    return np.random.default_rng(seed).uniform(0, 1, (*shape, 4)).astype(np.float32)


def overlap(a: list[float], b: list[float]) -> float:
    """Return intersection over union of two boxes, each (y1, x1, y2, x2)."""
    shared, area_a, area_b = 1.0, 1.0, 1.0
    for axis in (0, 1):
        low_a, high_a = sorted((a[axis], a[axis + 2]))
        low_b, high_b = sorted((b[axis], b[axis + 2]))
        shared *= max(0.0, min(high_a, high_b) - max(low_a, low_b))
        area_a *= high_a - low_a
        area_b *= high_b - low_b
    return shared / (area_a + area_b - shared) if shared else 0.0


def _nms(
    boxes: Array,
    scores: Array,
    label: str,
    *,
    limit: int | None = None,
    threshold: float | None = None,
    centred: bool = False,
    **attributes: Any,
) -> Sample:
    """Return a call beside a loop over pairs of boxes, as the specification has it."""

    def oracle(torch: Any, boxes: Any, scores: Any) -> Any:
        if centred:
            middle, half = boxes[..., :2], boxes[..., 2:] / 2
            boxes = torch.cat([middle - half, middle + half], -1)
        found: list[tuple[int, int, int]] = []
        for n, c in np.ndindex(*scores.shape[:2]):
            kept: list[int] = []
            for i in torch.argsort(scores[n, c], descending=True, stable=True).tolist():
                score = scores[n, c, i].item()
                if np.isnan(score) or (threshold is not None and not score > threshold):
                    continue
                least = attributes["iou_threshold"]
                near = (overlap(boxes[n, i].tolist(), boxes[n, j].tolist()) for j in kept)
                if len(kept) != limit and all(one <= least for one in near):
                    kept.append(i)
            found += [(n, c, i) for i in kept]
        return torch.tensor(found, dtype=torch.int64).reshape(-1, 3)

    given = {
        **attributes,
        "max_output_boxes_per_class": limit,
        "score_threshold": threshold,
        "center_point_box": centred,
    }
    return Sample(ops.nms, (boxes, scores), oracle, given, label)


SAMPLES = [
    Sample(ops.nonzero, (integers(3, 4, low=-1, high=2),), _nonzero),
    Sample(
        ops.nonzero, (np.array([0.0, np.nan, -0.0, 2], np.float32),), _nonzero, label="nan"
    ),
    Sample(ops.nonzero, (np.array(3.0),), _nonzero, label="scalar"),
    Sample(ops.nonzero, (np.array(0, np.bool_),), _nonzero, label="false"),
    Sample(ops.nonzero, (np.zeros((2, 0)),), _nonzero, label="empty"),
    _nms(corners(2, 30), normal(2, 3, 30), "all", iou_threshold=0.2),
    _nms(corners(2, 30), normal(2, 3, 30), "limited", iou_threshold=0.5, limit=4),
    _nms(corners(1, 30), normal(1, 2, 30), "scored", iou_threshold=0.5, threshold=0.3),
    _nms(corners(1, 30), normal(1, 1, 30), "centred", iou_threshold=0.3, centred=True),
    _nms(corners(1, 9), np.zeros((1, 1, 9), np.float32), "equal-scores", iou_threshold=0.1),
    _nms(corners(1, 5), normal(1, 1, 5), "none", iou_threshold=0.5, limit=0),
    _nms(corners(1, 0), normal(1, 2, 0), "empty", iou_threshold=0.5),
    _nms(np.zeros((1, 4, 4), np.float32), normal(1, 1, 4), "no-area", iou_threshold=0.0),
]
