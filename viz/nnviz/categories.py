"""Kinds of operators, which decide a layer's colour, by the names they have in Netron."""

_OPERATORS = {
    "Layer": "linear matmul gemm einsum conv conv_transpose embedding lstm gru rnn",
    "Activation": "relu relu6 clamp leaky_relu prelu elu selu celu threshold shrink gelu "
    "sigmoid logsigmoid tanh hardtanh hardsigmoid hardswish silu mish softplus softsign "
    "softmax log_softmax",
    "Pool": "max_pool max_pool_with_indices avg_pool lp_pool adaptive_avg_pool "
    "adaptive_max_pool",
    "Normalization": "batch_norm layer_norm group_norm instance_norm rms_norm "
    "local_response_norm normalize",
    "Dropout": "dropout",
    "Shape": "reshape flatten squeeze unsqueeze expand shape",
    "Tensor": "cat stack split slice slice_scatter select pad tile constant",
    "Transform": "permute transpose gather gather_elements gather_nd scatter_elements "
    "scatter_nd cast flip roll reverse_sequence tril triu pixel_shuffle "
    "pixel_unshuffle unfold fold",
    "Quantization": "quantize dequantize",
    "Attention": "scaled_dot_product_attention rope",
    "Control": "cond while_loop",
}
_CATEGORY = {op: category for category, ops in _OPERATORS.items() for op in ops.split()}


def category_of(op: str) -> str | None:
    """Return the kind of an operator, or None for one that has no colour of its own."""
    return _CATEGORY.get(op)
