"""Faults 69 to 71: what is saved over, and arrays that change meanwhile."""

import os
import stat
import threading
from pathlib import Path

import numpy as np
import pytest

import wnnx
from tests.faults.saving import left_over, network, version_of
from tests.schema.networks import described, linear
from wnnx import writer
from wnnx.errors import FileError, FileMissingError, GraphError, WeightError
from wnnx.graph import Constant


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a file in a folder of its own, where version 1 of it is saved."""
    path = tmp_path / "net.wnnx"
    wnnx.save(network(1), path)
    return path


def test_69_saving_over_the_mapped_source(path: Path) -> None:
    before = path.read_bytes()
    graph = wnnx.load(path)
    wnnx.save(graph, path)
    assert path.read_bytes() == before
    graph.rename_value(graph.value("y"), "renamed")
    wnnx.save(graph, path)
    constant = graph.value("large")
    assert isinstance(constant, Constant)
    assert set(constant.array.tolist()) == {1}  # still the old file, which is mapped
    assert described(wnnx.load(path)) == described(graph)


def test_70_a_link_is_replaced_not_what_it_leads_to(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.wnnx"
    link.symlink_to(path)
    wnnx.save(network(2), link)
    assert not link.is_symlink()
    assert version_of(link) == 2
    assert version_of(path) == 1


def test_70_one_of_two_hard_links_is_replaced(path: Path, tmp_path: Path) -> None:
    os.link(path, tmp_path / "other.wnnx")
    wnnx.save(network(2), path)
    assert version_of(path) == 2
    assert version_of(tmp_path / "other.wnnx") == 1


def test_70_a_dangling_link_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "link.wnnx"
    link.symlink_to(tmp_path / "nowhere")
    wnnx.save(linear(), link)
    assert not link.is_symlink()
    assert not (tmp_path / "nowhere").exists()


def test_71_an_array_that_changes_while_it_is_saved(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = network(2)
    constant = graph.value("large")
    assert isinstance(constant, Constant)
    real, done = os.write, 0

    def write(descriptor: int, data: memoryview) -> int:
        nonlocal done
        done += 1
        if done == 2:
            constant.array[-1] = 77
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(WeightError, match="constant 'large' changed while it was being saved"):
        wnnx.save(graph, path)
    assert version_of(path) == 1
    assert left_over(path) == []


def test_71_an_array_that_changes_within_a_chunk_all_the_time(tmp_path: Path) -> None:
    """Whatever is written has the checksum of what is written, or nothing is."""
    path = tmp_path / "net.wnnx"
    graph = network(1)
    constant = graph.value("large")
    assert isinstance(constant, Constant)
    stop = threading.Event()

    def change() -> None:
        count = 0
        while not stop.is_set():
            count += 1
            constant.array[:] = count

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(10):
            try:
                wnnx.save(graph, path)
            except WeightError:
                continue
            wnnx.load(path)
    finally:
        stop.set()
        thread.join()
    wnnx.save(graph, path)
    assert described(wnnx.load(path)) == described(graph)


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_a_new_file_has_the_permissions_of_any_new_file(umask: int, tmp_path: Path) -> None:
    old = os.umask(umask)
    try:
        wnnx.save(linear(), tmp_path / "net.wnnx")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "net.wnnx").stat().st_mode) == 0o666 & ~umask


def test_a_replaced_file_keeps_its_permissions(path: Path) -> None:
    path.chmod(0o600)
    wnnx.save(network(2), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match=r"there is no folder '.*nowhere'"):
        wnnx.save(linear(), tmp_path / "nowhere" / "net.wnnx")


def test_a_target_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="only a file can be replaced"):
        wnnx.save(linear(), tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="only a file can be replaced"):
        wnnx.save(linear(), tmp_path / "pipe")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["pipe"]


def test_a_path_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wnnx.save(linear(), "net.wnnx")
    assert described(wnnx.load("net.wnnx")) == described(linear())


def test_an_invalid_graph_changes_nothing(path: Path) -> None:
    graph = network(2)
    graph.outputs.clear()
    with pytest.raises(GraphError):
        wnnx.save(graph, path)
    assert version_of(path) == 1
    assert left_over(path) == []


def test_weights_are_not_copied_as_a_whole(tmp_path: Path) -> None:
    """64 MB are written through pieces of 1 MB."""
    import tracemalloc

    graph = linear()
    graph.add_constant(Constant("large", np.ones(16 << 20, np.float32)))
    tracemalloc.start()
    try:
        wnnx.save(graph, tmp_path / "net.wnnx")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * writer.CHUNK_BYTES
