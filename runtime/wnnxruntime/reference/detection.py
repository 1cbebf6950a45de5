"""What is found, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.nonzero, widens=False)
def nonzero(x: Array) -> Array:
    """Return one row of indices for each axis."""
    return np.ascontiguousarray(np.argwhere(x).T, np.int64)


@kernel(ops.nms)
def nms(
    boxes: Array,
    scores: Array,
    *,
    iou_threshold: float,
    score_threshold: float | None,
    max_output_boxes_per_class: int | None,
    center_point_box: bool,
) -> Array:
    """Select boxes class by class."""
    limit = (
        boxes.shape[1] if max_output_boxes_per_class is None else max_output_boxes_per_class
    )
    selected = [np.empty((0, 3), np.int64)]
    for picture, (found, classes) in enumerate(zip(boxes, scores, strict=True)):
        corners = _corners(found, center_point_box=center_point_box)
        for number, score in enumerate(classes):
            kept = ~np.isnan(score) if score_threshold is None else score > score_threshold
            order = np.flatnonzero(kept)
            order = order[np.argsort(-score[order], kind="stable")]
            best = _best(corners, order, limit, iou_threshold)
            selected.append(
                np.stack([np.full_like(best, picture), np.full_like(best, number), best], 1)
            )
    return np.concatenate(selected)


def _best(corners: Array, order: Array, limit: int, iou_threshold: float) -> Array:
    """Return those of `order` that no better one overlaps too much, `limit` at most."""
    best: list[int] = []
    while order.size and len(best) < limit:
        best.append(int(order[0]))
        shared = _intersection_over_union(corners[order[0]], corners[order[1:]])
        order = order[1:][~(shared > iou_threshold)]
    return np.array(best, np.int64)


def _corners(boxes: Array, *, center_point_box: bool) -> Array:
    """Return boxes (B, 4) as (B, 2, 2): the least corner, then the greatest."""
    pairs = boxes.reshape(-1, 2, 2)
    if center_point_box:
        middle, half = pairs[:, 0], pairs[:, 1] / 2
        return np.stack([middle - half, middle + half], 1)
    return np.stack([pairs.min(axis=1), pairs.max(axis=1)], 1)


def _intersection_over_union(box: Array, others: Array) -> Array:
    """Return the part of their union that `box` (2, 2) and each other box share."""
    sides = np.minimum(box[1], others[:, 1]) - np.maximum(box[0], others[:, 0])
    shared = np.maximum(sides, 0).prod(axis=1)
    areas = (others[:, 1] - others[:, 0]).prod(axis=1)
    area = (box[1] - box[0]).prod()
    whole = area + areas - shared
    return np.where((shared > 0) & (area > 0) & (areas > 0), shared / whole, 0)
