"""What every operator means, in plain numpy: one module per family.

Half precision inputs arrive widened to float32 (see `wnnxruntime.registry`), so a kernel that
sums in the type it is given accumulates in float32 at least.
"""

from wnnxruntime.reference import activation as activation
from wnnxruntime.reference import linear as linear
