"""The command `nnbuilder import`, called as a shell would."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from nnbuilder.cli import main
from wnnxruntime import Session

pytestmark = pytest.mark.onnx


@pytest.mark.parametrize("op", ["Relu", "Det"])
def test_import_saves_and_reports(
    op: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    helper = import_module("onnx").helper
    values = [helper.make_tensor_value_info(name, 1, [2, 2]) for name in "xy"]
    node = helper.make_node(op, ["x"], ["y"], name="only")
    graph = helper.make_graph([node], "net", values[:1], values[1:])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    (tmp_path / "net.onnx").write_bytes(proto.SerializeToString())
    saved = tmp_path / "m.wnnx"
    words = ["nnbuilder", "import", str(tmp_path / "net.onnx"), "-o", str(saved)]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as stop:
        main()
    out, err = capsys.readouterr()
    if op == "Det":
        assert stop.value.code == 1
        assert 'Det "only" (opset 17): the operator has no counterpart here' in err
        assert not saved.exists()
        return
    assert not stop.value.code
    assert "mapped      1  Relu 1" in out
    found = Session(saved).run({"x": np.array([[1, -1], [2, -2]], np.float32)})["y"]
    np.testing.assert_array_equal(found, [[1, 0], [2, 0]])
