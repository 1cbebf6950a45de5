"""The table of sample calls that every test over operators walks; one module per family."""

from tests.samples import activation, linear
from tests.samples.sample import Sample as Sample

SAMPLES = [*linear.SAMPLES, *activation.SAMPLES]
