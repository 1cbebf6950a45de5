"""What a user holds to run a network."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import nnbuilder as nn
from wnnx.errors import KernelError, RunError, UnknownOpError
from wnnx.graph import Graph, Node
from wnnx.types import Array
from wnnxruntime import Session

RNG = np.random.default_rng(0)
WEIGHT = RNG.normal(size=(3, 4)).astype(np.float32)
X = RNG.normal(size=(2, 4)).astype(np.float32)


def two_outputs() -> Graph:
    """x (N, 4), y (N, 3) -> fc = x @ W.T, total = relu(fc) + y."""
    b = nn.Builder("two")
    x, y = b.input("x", ("N", 4)), b.input("y", ("N", 3))
    fc = b.linear(x, nn.constant(WEIGHT), name="fc")
    b.output(fc)
    b.output(b.relu(fc, name="act") + y, name="total")
    return b.graph


def feeds(batch: int = 2) -> dict[str, Array]:
    return {
        "x": np.resize(X, (batch, 4)),
        "y": np.ones((batch, 3), np.float32),
    }


def test_runs_every_output_by_name_and_order() -> None:
    session = Session(two_outputs(), backend="reference")
    results = session.run(feeds())
    assert list(results) == ["fc", "total"]
    np.testing.assert_allclose(results["fc"], X @ WEIGHT.T, rtol=1e-6)
    np.testing.assert_allclose(results["total"], np.maximum(X @ WEIGHT.T, 0) + 1, rtol=1e-6)


@pytest.mark.parametrize("batch", [0, 1, 5])
def test_symbolic_batch_takes_any_size(batch: int) -> None:
    results = Session(two_outputs()).run(feeds(batch))
    np.testing.assert_allclose(
        results["fc"], np.resize(X, (batch, 4)) @ WEIGHT.T, rtol=1e-5, atol=1e-6
    )


def test_inputs_and_outputs_say_name_dtype_and_shape() -> None:
    session = Session(two_outputs())
    assert [str(info) for info in session.inputs] == [
        '"x" float32 (N, 4)',
        '"y" float32 (N, 3)',
    ]
    assert [(o.name, o.dtype, str(o.shape[0])) for o in session.outputs] == [
        ("fc", "float32", "N"),
        ("total", "float32", "N"),
    ]


def test_computes_only_what_is_asked_for() -> None:
    seen: list[str] = []
    session = Session(two_outputs())
    results = session.run(
        {"x": X}, outputs=["act"], callback=lambda node, _: seen.append(node.name)
    )
    assert list(results) == ["act"]
    np.testing.assert_allclose(results["act"], np.maximum(X @ WEIGHT.T, 0), rtol=1e-6)
    assert seen == ["fc", "act"]


def test_callback_sees_every_layer_and_its_outputs() -> None:
    seen: dict[str, Array] = {}
    results = Session(two_outputs()).run(
        feeds(), callback=lambda node, outputs: seen.update({node.name: outputs[0].copy()})
    )
    assert list(seen) == ["fc", "act", "add"]
    np.testing.assert_array_equal(seen["add"], results["total"])


def test_an_input_or_a_weight_can_be_asked_for_and_is_a_copy() -> None:
    session = Session(two_outputs())
    x = X.copy()
    results = session.run({"x": x}, outputs=["x", "fc.weight"])
    results["x"][:] = 7
    results["fc.weight"][:] = 7
    np.testing.assert_array_equal(x, X)
    np.testing.assert_allclose(
        session.run({"x": x}, outputs=["fc"])["fc"], X @ WEIGHT.T, rtol=1e-6
    )


def test_outputs_do_not_share_memory_with_inputs_or_each_other() -> None:
    b = nn.Builder()
    x = b.input("x", (2, 4))
    b.output(b.identity(x), name="a")
    b.output(b.reshape(x, shape=(4, 2)), name="b")
    results = Session(b.graph).run({"x": (x_array := X.copy())})
    results["a"][:] = 7
    np.testing.assert_array_equal(x_array, X)
    np.testing.assert_array_equal(results["b"], X.reshape(4, 2))


@pytest.mark.parametrize(
    "x",
    [
        np.asfortranarray(X),
        X.astype(">f4"),
        np.repeat(X, 2, axis=1)[:, ::2],
        np.ascontiguousarray(X[::-1])[::-1],
    ],
    ids=["fortran", "big-endian", "strided", "reversed"],
)
def test_any_memory_layout_gives_the_same(x: Array) -> None:
    found = Session(two_outputs()).run({"x": x}, outputs=["fc"])["fc"]
    np.testing.assert_allclose(found, X @ WEIGHT.T, rtol=1e-6)


def test_read_only_input_is_taken() -> None:
    x = X.copy()
    x.flags.writeable = False
    assert Session(two_outputs()).run({"x": x}, outputs=["fc"])["fc"].flags.writeable


def test_nan_goes_through() -> None:
    x = X.copy()
    x[0, 0] = np.nan
    found = Session(two_outputs()).run({"x": x}, outputs=["act"])["act"]
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()


def test_many_threads_get_identical_bits() -> None:
    session = Session(two_outputs())
    batches = [feeds(1 + i % 5) for i in range(64)]
    expected = [session.run(f)["total"].tobytes() for f in batches]
    with ThreadPoolExecutor(8) as pool:
        results = pool.map(session.run, batches)
        found = [result["total"].tobytes() for result in results]
    assert found == expected


def test_a_session_keeps_its_own_copy_of_the_graph() -> None:
    graph = two_outputs()
    session = Session(graph)
    graph.outputs.clear()
    assert list(session.run(feeds())) == ["fc", "total"]


def test_runs_a_file(tmp_path: Path) -> None:
    b = nn.Builder("fc")
    x = b.input("x", ("N", 4))
    b.output(b.linear(x, nn.constant(WEIGHT), name="fc"), name="y")
    b.serialize_to_file(tmp_path / "fc.wnnx")
    found = Session(tmp_path / "fc.wnnx", threads=2).run({"x": X})["y"]
    np.testing.assert_allclose(found, X @ WEIGHT.T, rtol=1e-6)


def wrong_feeds() -> list[tuple[dict[str, object], str]]:
    y = np.ones((2, 3), np.float32)
    return [
        ({"X": X, "y": y}, r"unknown input 'X'; did you mean 'x'\?; the network's inputs are"),
        ({"x": X}, "input 'y' is missing"),
        ({"x": X.tolist(), "y": y}, "input 'x' is a list; expected a numpy array of float32"),
        (
            {"x": X.astype("f8"), "y": y},
            r"'x' is float64; expected float32: pass x.astype\('float32'\)",
        ),
        ({"x": X.astype("c8"), "y": y}, "'x' is complex64; expected float32"),
        ({"x": X[0], "y": y}, r"'x' has shape \(4,\); expected \(N, 4\)$"),
        (
            {"x": X[:, :3], "y": y},
            r"'x' has shape \(2, 3\); expected \(N, 4\): axis 1 is 3, not 4",
        ),
        (
            {"x": X, "y": y[:1]},
            r"'y' has shape \(1, 3\); .* axis 0 is 1, not 2 \(N in input 'x'\)",
        ),
    ]


@pytest.mark.parametrize(("given", "message"), wrong_feeds())
def test_wrong_feeds_say_what_is_wrong(given: dict[str, object], message: str) -> None:
    with pytest.raises(RunError, match=message):
        Session(two_outputs()).run(given)


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (["totl"], "outputs: no value is named 'totl'; did you mean 'total'"),
        ("total", r"expected a list of names: \['total'\]"),
    ],
)
def test_wrong_outputs_say_what_is_wrong(outputs: list[str], message: str) -> None:
    with pytest.raises(RunError, match=message):
        Session(two_outputs()).run(feeds(), outputs=outputs)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"backend": "gpu"}, "expected 'fast' or 'reference'"), ({"threads": 0}, "threads=0")],
)
def test_wrong_options_say_what_is_wrong(options: dict[str, object], message: str) -> None:
    with pytest.raises(RunError, match=message):
        Session(two_outputs(), **options)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_unknown_operator_refuses_to_run_and_is_named() -> None:
    graph = two_outputs()
    value = graph.value("fc")
    node = Node("odd", "acme::crop", [value], [type(value)("odd", value.type)], {})
    graph.add_node(node)
    with pytest.raises(UnknownOpError, match=r"acme::crop \(first in 'odd'\)"):
        Session(graph)


def test_declared_shape_that_disagrees_with_the_rule_is_refused() -> None:
    graph = two_outputs()
    value = graph.value("act")
    value.type = type(value.type)("float32", (value.shape[0], 5))
    with pytest.raises(Exception, match=r'relu "act": "act" is declared float32 \(2, 5\)'):
        Session(graph).run(feeds())


def test_profile_has_a_row_for_every_layer() -> None:
    profile = Session(two_outputs()).profile(feeds(), repeat=3)
    assert [row.name for row in profile.rows] == ["fc", "act", "add"]
    assert all(row.milliseconds > 0 for row in profile.rows)
    assert sum(row.share for row in profile.rows) == pytest.approx(1)
    lines = str(profile).splitlines()
    assert lines[0].split() == ["layer", "operator", "output", "ms", "share"]
    assert len({len(line) for line in lines[:-1]}) == 1


def test_random_feeds_have_the_shapes_asked_for() -> None:
    session = Session(two_outputs())
    given = session.random_feeds({"N": 6}, seed=1)
    assert {name: array.shape for name, array in given.items()} == {"x": (6, 4), "y": (6, 3)}
    np.testing.assert_array_equal(given["x"], session.random_feeds({"N": 6}, seed=1)["x"])
    assert session.run(given)["total"].shape == (6, 3)
    assert len(session.profile(repeat=1).rows) == 3
    with pytest.raises(RunError, match="no input has a symbol 'M'; the network's inputs"):
        session.random_feeds({"M": 6})


def test_plans_are_bounded() -> None:
    from wnnxruntime.session import MAX_PLANS

    session = Session(two_outputs())
    for batch in range(MAX_PLANS + 5):
        session.run(feeds(batch))
    assert len(session._plans) == MAX_PLANS  # pyright: ignore[reportPrivateUsage]


def test_a_failing_kernel_is_named() -> None:
    from tests.builder.custom import broken

    b = nn.Builder()
    b.output(b.call(broken, b.input("x", (2, 4)), name="bad"), name="y")
    with pytest.raises(
        KernelError, match='test::broken "bad": the kernel failed with ValueError'
    ):
        Session(b.graph).run({"x": X})
