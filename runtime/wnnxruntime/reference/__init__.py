"""What every operator means, in plain numpy: one module per family.

Half precision inputs arrive widened to float32 (see `wnnxruntime.registry`), so a kernel that
sums in the type it is given accumulates in float32 at least.
"""

from wnnxruntime.reference import activation as activation
from wnnxruntime.reference import conv as conv
from wnnxruntime.reference import conversion as conversion
from wnnxruntime.reference import elementwise as elementwise
from wnnxruntime.reference import joining as joining
from wnnxruntime.reference import linear as linear
from wnnxruntime.reference import movement as movement
from wnnxruntime.reference import norm as norm
from wnnxruntime.reference import pool as pool
from wnnxruntime.reference import reduce as reduce
from wnnxruntime.reference import selection as selection
