"""How much is too much: what a file may ask of the machine that opens it."""

# The metadata is copied into memory before it is decoded; weights are not part of it.
MAX_METADATA_BYTES = 256 << 20

# The C++ verifier's own limit, so that what opens here opens there.
MAX_TABLES = 1_000_000

# The network is at depth 1, the body of its loop at depth 2.
MAX_GRAPH_DEPTH = 16

# Distinct vtables; writers share them among equal tables, so that a few dozen are usual.
MAX_VTABLES = 1024

# Characters in all distinct texts of symbolic dimensions, which can take long to understand.
MAX_DIM_CHARACTERS = 1 << 17
