#include "tests/fuzz/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto parse = [](std::string_view text, meshproof::FileId file) {
    return meshproof::parse_json(text, file);
  };
  meshproof::check_round_trip({reinterpret_cast<const char*>(bytes), size}, parse);
  return 0;
}
