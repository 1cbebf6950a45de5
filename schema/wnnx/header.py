"""The first 64 bytes of a file, which are a valid beginning of a FlatBuffer as well.

0   u32 root offset | "WNNX" | u16 header version, header length, incompat bits, compat bits
16  u64 end of metadata, start of data, file size, 0
48  u32 crc of metadata, 0, 0, crc of header
"""

import struct
import zlib
from typing import NamedTuple

from wnnx.errors import ChecksumError, FormatError, LimitError
from wnnx.limits import MAX_METADATA_BYTES

MAGIC = b"WNNX"
VERSION = 1
SIZE = 64
ALIGNMENT = 64

# No bit is in use yet: a file with one has something this reader must not ignore.
KNOWN_INCOMPATIBLE = 0

_LAYOUT = struct.Struct("<I4sHHHHQQQQIIII")
_CRC_AT = 60


class Header(NamedTuple):
    """Where the parts of a file are, in bytes from its beginning, and a checksum."""

    root: int
    metadata_end: int
    data_start: int
    file_size: int
    metadata_crc: int


def aligned(position: int) -> int:
    """Return the first multiple of 64 that is not before `position`, in bytes."""
    return -(-position // ALIGNMENT) * ALIGNMENT


def pack(header: Header) -> bytes:
    """Return the 64 bytes of a header."""
    fields = (
        header.root, MAGIC, VERSION, SIZE, 0, 0,
        header.metadata_end, header.data_start, header.file_size, 0,
        header.metadata_crc, 0, 0,
    )  # fmt: skip
    packed = _LAYOUT.pack(*fields, 0)[:_CRC_AT]
    return packed + struct.pack("<I", zlib.crc32(packed))


def unpack(data: bytes, found: int) -> Header:
    """Read a header and check everything that it alone can say.

    Args:
        data: The first 64 bytes of the file, beginning with the root offset and "WNNX".
        found: How many bytes the file really has.

    Raises:
        ChecksumError: if the header changed after it was written.
        LimitError: if the metadata is larger than is allowed.
        FormatError: if the file is truncated, of another version, or the header is not valid.
    """
    (root, magic, version, length, incompatible, _, end, start, size, *rest) = _LAYOUT.unpack(
        data
    )
    zero0, metadata_crc, zero1, zero2, crc = rest
    if magic != MAGIC:
        raise FormatError(f"bytes 4 to 8 are {magic!r}; expected {MAGIC!r}")
    if version != VERSION or length != SIZE:
        raise FormatError(
            f"the header is version {version}, {length} bytes long; known here is version "
            f"{VERSION}, {SIZE} bytes: a newer NNBuilder may open the file"
        )
    actual = zlib.crc32(data[:_CRC_AT])
    if actual != crc:
        raise ChecksumError(f"the header's checksum is {actual:#010x}; it says {crc:#010x}")
    unknown = incompatible & ~KNOWN_INCOMPATIBLE
    if unknown:
        raise FormatError(
            f"the file uses features unknown here (incompatible bits {unknown:#06x}); a newer "
            "NNBuilder may open it"
        )
    if zero0 or zero1 or zero2:
        raise FormatError(
            "the reserved bytes 40 to 48 and 52 to 60 of the header are not zero"
        )
    header = Header(root, end, start, size, metadata_crc)
    _check_sizes(header, found)
    return header


def _check_sizes(header: Header, found: int) -> None:
    if found != header.file_size:
        problem = "truncated" if found < header.file_size else "followed by something else"
        raise FormatError(
            f"the file is {problem}: found {found} bytes, the header says {header.file_size}"
        )
    if header.metadata_end - SIZE > MAX_METADATA_BYTES:
        raise LimitError(
            f"the metadata has {header.metadata_end - SIZE} bytes; at most "
            f"{MAX_METADATA_BYTES} are allowed"
        )
    start = aligned(header.metadata_end)
    if header.metadata_end < SIZE or header.data_start != start or start > header.file_size:
        raise FormatError(
            f"the header says that metadata ends at byte {header.metadata_end}, data begins "
            f"at {header.data_start} and the file ends at {header.file_size}; metadata "
            f"must end after {SIZE}, and data begin at the next multiple of {ALIGNMENT}"
        )
