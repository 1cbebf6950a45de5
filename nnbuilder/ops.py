"""Every operator as a builder's method: a line each."""

from nnbuilder.lift import lift
from wnnx import ops


class Operators:
    """The operators, in the order of their families."""

    linear = lift(ops.linear)
    matmul = lift(ops.matmul)
    conv = lift(ops.conv)
    conv_transpose = lift(ops.conv_transpose)

    max_pool = lift(ops.max_pool)
    avg_pool = lift(ops.avg_pool)
    adaptive_avg_pool = lift(ops.adaptive_avg_pool)

    batch_norm = lift(ops.batch_norm)
    layer_norm = lift(ops.layer_norm)

    relu = lift(ops.relu)
    relu6 = lift(ops.relu6)
    clamp = lift(ops.clamp)
    leaky_relu = lift(ops.leaky_relu)
    prelu = lift(ops.prelu)
    elu = lift(ops.elu)
    gelu = lift(ops.gelu)
    sigmoid = lift(ops.sigmoid)
    tanh = lift(ops.tanh)
    hardsigmoid = lift(ops.hardsigmoid)
    hardswish = lift(ops.hardswish)
    silu = lift(ops.silu)
    mish = lift(ops.mish)
    softmax = lift(ops.softmax)
    log_softmax = lift(ops.log_softmax)

    add = lift(ops.add)
    sub = lift(ops.sub)
    mul = lift(ops.mul)
    div = lift(ops.div)
    pow = lift(ops.pow)
    minimum = lift(ops.minimum)
    maximum = lift(ops.maximum)
    neg = lift(ops.neg)
    abs = lift(ops.abs)
    sqrt = lift(ops.sqrt)
    exp = lift(ops.exp)
    log = lift(ops.log)

    sum = lift(ops.sum)
    mean = lift(ops.mean)
    amax = lift(ops.amax)
    argmax = lift(ops.argmax)

    reshape = lift(ops.reshape)
    flatten = lift(ops.flatten)
    permute = lift(ops.permute)
    squeeze = lift(ops.squeeze)
    unsqueeze = lift(ops.unsqueeze)
    expand = lift(ops.expand)

    cat = lift(ops.cat)
    pad = lift(ops.pad)

    split = lift(ops.split)
    slice = lift(ops.slice)
    gather = lift(ops.gather)

    cast = lift(ops.cast)
    identity = lift(ops.identity)
    shape = lift(ops.shape)
