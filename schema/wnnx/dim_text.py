"""Dimensions as text: "N", "4*N", "(H - 1)//2 + 1", as users write and files hold them."""

import ast

from wnnx.dims import Dim, DimLike, maximum, minimum, symbol
from wnnx.errors import DimError

MAX_CHARACTERS = 1000


def as_dim(dim: DimLike) -> Dim:
    """Return `dim` as an `int` or a symbolic dimension; text such as "2*N + 1" is parsed.

    Raises:
        DimError: if the text is not an expression of integers, names, + - * // % min max.
    """
    return parse(dim) if isinstance(dim, str) else dim


def parse(text: str) -> Dim:
    """Read a dimension back from its text.

    Raises:
        DimError: if the text is not an expression of integers, names, + - * // % min max.
    """
    if len(text) > MAX_CHARACTERS:
        raise DimError(f"a dimension of {len(text)} characters is over {MAX_CHARACTERS}")
    if text.isidentifier():
        return symbol(text)
    try:
        return _from_tree(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, ZeroDivisionError):
        raise DimError(
            f"{text!r} is not a dimension; write an integer, a name such as 'N', or an "
            "expression such as '(H - 1)//2 + 1'"
        ) from None

def _from_tree(tree: ast.expr) -> Dim:
    match tree:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            return symbol(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _from_tree(operand) * -1
        case ast.BinOp(left=left, op=operator, right=right):
            return _binary(operator, _from_tree(left), _from_tree(right))
        case ast.Call(func=ast.Name(id="min"), args=[left, right], keywords=[]):
            return minimum(_from_tree(left), _from_tree(right))
        case ast.Call(func=ast.Name(id="max"), args=[left, right], keywords=[]):
            return maximum(_from_tree(left), _from_tree(right))
        case _:
            raise ValueError(ast.dump(tree))


def _binary(operator: ast.operator, left: Dim, right: Dim) -> Dim:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.FloorDiv():
            return left // right
        case ast.Mod():
            return left % right
        case _:
            raise ValueError(ast.dump(operator))
