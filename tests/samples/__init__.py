"""The table of sample calls that every test over operators walks; one module per family."""

from tests.samples import (
    activation,
    conv,
    conversion,
    elementwise,
    joining,
    linear,
    movement,
    norm,
    pool,
    reduce,
    selection,
)
from tests.samples.sample import Sample as Sample

SAMPLES = [
    *linear.SAMPLES,
    *conv.SAMPLES,
    *pool.SAMPLES,
    *norm.SAMPLES,
    *activation.SAMPLES,
    *elementwise.SAMPLES,
    *reduce.SAMPLES,
    *movement.SAMPLES,
    *joining.SAMPLES,
    *selection.SAMPLES,
    *conversion.SAMPLES,
]
