"""Random damage to a valid file, with every checksum made right so that the decoder is hit."""

import random
import struct

from tests.schema.damage import front_of, sealed
from wnnx import header

# Numbers that offsets, lengths and ids go wrong with.
ODD = (
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    63,
    64,
    255,
    2**15,
    2**16 - 1,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**32 - 4,
)


def mutated(data: bytes, seed: int) -> bytes:
    """Return `data` with one to four places of its metadata changed."""
    rng = random.Random(seed)
    out = bytearray(data)
    end = front_of(data).metadata_end
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(header.SIZE, end - 8)
        match rng.randrange(6):
            case 0:
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                out[at] = rng.randrange(256)
            case 2:
                struct.pack_into("<I", out, at & ~3, rng.choice(ODD))
            case 3:
                old = struct.unpack_from("<I", out, at & ~3)[0]
                new = (old + rng.choice((-64, -8, -4, -2, -1, 1, 2, 4, 8, 64))) % 2**32
                struct.pack_into("<I", out, at & ~3, new)
            case 4:
                struct.pack_into("<H", out, at & ~1, rng.choice(ODD) & 0xFFFF)
            case _:
                # Another place's bytes: offsets that lead to something of another kind.
                size, source = rng.choice((2, 4, 8, 16)), rng.randrange(header.SIZE, end - 16)
                out[at : min(at + size, end)] = out[source : source + min(size, end - at)]
    return sealed(out)
