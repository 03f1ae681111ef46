#include "tests/fuzz/round_trip.h"
#include "tests/scenarios/same_documents.h"

namespace meshproof {
namespace {

/// A list says the same, at the same places, whether its items are read at once or one by one.
void check_parts(std::string_view bytes) {
  std::string text{bytes};
  if (check_text(text, "fuzz")) return;
  constexpr std::size_t kOneItem = 1;
  const std::vector<Document> whole = parse_yaml(text, FileId{});
  const std::vector<Document> parts = parse_yaml(text, FileId{}, kOneItem);
  if (!are_same(whole, parts)) std::abort();
}

}  // namespace
}  // namespace meshproof

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  meshproof::check_parts(text);
  const auto parse = [](std::string_view whole, meshproof::FileId file) {
    return meshproof::parse_yaml(whole, file);
  };
  meshproof::check_round_trip(text, parse);
  return 0;
}
