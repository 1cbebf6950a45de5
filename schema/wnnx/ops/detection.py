"""What is found, elements that are not 0, boxes that stand out: only the data say how many."""

from typing import Unpack

from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import differ, require_dtype, require_positive, require_rank
from wnnx.ops.fresh import fresh_symbol
from wnnx.ops.registry import op
from wnnx.types import FLOATS, TensorType, shape_text


@op
def nonzero(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the indices of the elements that are not 0, in row-major order.

    Semantics: ONNX NonZero, the transpose of torch.nonzero: one row for each axis. NaN is not
    0. How many there are is a fresh symbol, named after the input: `nonzero_x`.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        int64 (rank of x, K).
    """
    return TensorType("int64", (x.rank, fresh_symbol("nonzero", x)))


@op
def nms(
    boxes: Value,
    scores: Value,
    *,
    iou_threshold: float = 0.0,
    score_threshold: float | None = None,
    max_output_boxes_per_class: int | None = None,
    center_point_box: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Select, class by class, the boxes of the best scores that do not overlap each other.

    Boxes are visited by falling score, of equal ones the first; one is selected if its
    intersection with each box selected before, over their union, is `iou_threshold` or less.

    Semantics: ONNX NonMaxSuppression, for which max_output_boxes_per_class is 0 unless given.
    torchvision.ops.nms is one class of it. A box whose score is NaN is not selected. How many
    are is a fresh symbol, named after inputs and attributes: `nms_boxes_scores_1a2b3c4d`.

    Args:
        boxes: (N, B, 4), floating point: (y1, x1, y2, x2), two opposite corners.
        scores: (N, C, B), floating point: of each box for each class.
        iou_threshold: How much of their union two selected boxes may share, from 0 to 1.
        score_threshold: Only boxes with a greater score are selected; None for all.
        max_output_boxes_per_class: At most so many for each class of each picture; None for
            any number.
        center_point_box: Whether a box is (x, y, width, height) around its middle instead.
        **node: The layer's name and precision.

    Returns:
        int64 (K, 3): picture, class and box, picture by picture, class by class, by falling
        score.

    Raises:
        ShapeError: if the shapes do not fit together.
        DTypeError: if one is not floating point.
        ArgumentError: if a threshold or the number of boxes is out of range.
    """
    require_dtype(boxes, FLOATS)
    require_dtype(scores, FLOATS)
    require_rank(boxes, 3, layout="(N, B, 4)")
    require_rank(scores, 3, layout="(N, C, B)")
    pairs = zip(boxes.shape, (scores.shape[0], scores.shape[2], 4), strict=True)
    if any(differ(found, wanted) for found, wanted in pairs):
        raise ShapeError(
            f'"{boxes.name}" {shape_text(boxes.shape)} does not fit "{scores.name}" '
            f"{shape_text(scores.shape)}; expected (N, B, 4) and (N, C, B)"
        )
    if not 0 <= iou_threshold <= 1:
        raise ArgumentError(f"iou_threshold={iou_threshold}; expected a number from 0 to 1")
    if max_output_boxes_per_class is not None:
        require_positive("max_output_boxes_per_class", (max_output_boxes_per_class,), least=0)
    settings = (iou_threshold, score_threshold, max_output_boxes_per_class, center_point_box)
    found = fresh_symbol("nms", boxes, scores, settings=settings)
    return TensorType("int64", (found, 3))
