"""What every operator means, in plain numpy: one module per family.

Half precision inputs arrive widened to float32 (see `wnnxruntime.registry`), so a kernel that
sums in the type it is given accumulates in float32 at least.
"""

from wnnxruntime.reference import activation as activation
from wnnxruntime.reference import attention as attention
from wnnxruntime.reference import blocks as blocks
from wnnxruntime.reference import conv as conv
from wnnxruntime.reference import conversion as conversion
from wnnxruntime.reference import detection as detection
from wnnxruntime.reference import einsum as einsum
from wnnxruntime.reference import elementwise as elementwise
from wnnxruntime.reference import generate as generate
from wnnxruntime.reference import joining as joining
from wnnxruntime.reference import linear as linear
from wnnxruntime.reference import logic as logic
from wnnxruntime.reference import movement as movement
from wnnxruntime.reference import norm as norm
from wnnxruntime.reference import pool as pool
from wnnxruntime.reference import rearrange as rearrange
from wnnxruntime.reference import rectifier as rectifier
from wnnxruntime.reference import recurrent as recurrent
from wnnxruntime.reference import reduce as reduce
from wnnxruntime.reference import resize as resize
from wnnxruntime.reference import rounding as rounding
from wnnxruntime.reference import sampling as sampling
from wnnxruntime.reference import scatter as scatter
from wnnxruntime.reference import selection as selection
from wnnxruntime.reference import sorting as sorting
from wnnxruntime.reference import trigonometry as trigonometry
