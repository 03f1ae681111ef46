#include "tests/fuzz/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  meshproof::check_round_trip({reinterpret_cast<const char*>(bytes), size}, meshproof::parse_json);
  return 0;
}
