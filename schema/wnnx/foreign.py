"""Telling what a file is that is not ours, from how it begins."""

_BEGINNINGS = (
    (0, b"PK", "a zip: perhaps a .pt, an .npz or a .pt2"),
    (0, b"\x89HDF\r\n\x1a\n", "HDF5: perhaps a Keras .h5"),
    (0, b"\x93NUMPY", "numpy's .npy; open it with nnbuilder.from_npy"),
    (0, b"GGUF", "GGUF"),
    (4, b"TFL3", "TensorFlow Lite"),
    (0, b"\x1f\x8b", "compressed by gzip"),
    (0, b"\x80\x02", "a pickle: perhaps an old .pt"),
)


def describe(start: bytes) -> str:
    """Return what a file seems to be, from its first bytes; empty where one cannot tell."""
    for offset, magic, kind in _BEGINNINGS:
        if start[offset:].startswith(magic):
            return kind
    if len(start) > 8 and start[8:9] == b"{":
        return "perhaps safetensors; open it with nnbuilder.from_safetensors"
    # ONNX begins with field 1 of its ModelProto, the small version number, and a second field.
    if (
        len(start) > 3
        and start[0] == 0x08
        and start[1] < 0x20
        and start[2] in {0x12, 0x1A, 0x3A}
    ):
        return "perhaps ONNX; open it with nnbuilder.from_onnx"
    return ""
