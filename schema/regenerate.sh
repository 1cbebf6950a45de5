#!/bin/sh
# Write schema/wnnx/_generated/wnnx_generated.py anew from wnnx.fbs, with flatc 2.0.8.
# An argument names another folder to write to, for a check that nothing changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec flatc --python --gen-onefile -o "${1:-$here/wnnx/_generated}" "$here/wnnx.fbs"
