// The C++ verifier of the FlatBuffers library, to compare with; built by test_cpp_verifier.py.
#include "wnnx_generated.h"

extern "C" int verify(const unsigned char *data, unsigned long size) {
  flatbuffers::Verifier verifier(data, size);
  return wnnx::VerifyModelBuffer(verifier);
}
