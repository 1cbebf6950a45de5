"""Matrix products."""

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from wnnx.graph import Value
from wnnx.types import FLOATS


@converts("MatMul")
def matmul(call: Call) -> Value:
    """MatMul."""
    return call.builder.matmul(call.input(0), call.input(1), name=call.name)


@converts("Gemm")
def gemm(call: Call) -> Value:
    """Gemm: a linear layer, where it is no more than that."""
    a, b, c = call.input(0), call.input(1), call.optional(2)
    alpha, beta = call.number("alpha", 1.0), call.number("beta", 1.0)
    transposed = bool(call.integer("transA", 0)), bool(call.integer("transB", 0))
    is_bias = c is None or (beta == 1 and b.rank == 2 and c.shape == (b.shape[0],))
    if is_bias and alpha == 1 and transposed == (False, True) and a.dtype in FLOATS:
        return call.builder.linear(a, b, c, name=call.name)
    return call.builder.gemm(
        a,
        b,
        c,
        alpha=alpha,
        beta=beta,
        transpose_a=transposed[0],
        transpose_b=transposed[1],
        name=call.name,
    )


@converts("Einsum")
def einsum(call: Call) -> Value:
    """Einsum.

    Raises:
        CannotConvertError: if there is no equation.
    """
    if "equation" not in call.attributes:
        raise CannotConvertError("the attribute equation is missing")
    operands = [call.input(position) for position in range(len(call.inputs))]
    equation = call.text("equation", "")
    return call.builder.einsum(*operands, equation=equation, name=call.name)
