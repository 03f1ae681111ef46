#include <algorithm>

#include "tests/fuzz/round_trip.h"

namespace meshproof {
namespace {

bool are_same(const Tree& a, const Tree& b) {
  const auto are_same_fields = [](const TreeField& x, const TreeField& y) {
    return x.key == y.key && x.key_place == y.key_place && are_same(x.value, y.value);
  };
  return a.kind == b.kind && a.text == b.text && a.place == b.place &&
         std::ranges::equal(a.items, b.items, are_same) &&
         std::ranges::equal(a.fields, b.fields, are_same_fields);
}

/// A list says the same, at the same places, whether its items are read at once or one by one.
void check_parts(std::string_view bytes) {
  std::string text{bytes};
  if (check_text(text, "fuzz")) return;
  constexpr std::size_t kOneItem = 1;
  const auto are_same_documents = [](const Document& x, const Document& y) {
    return are_same(x.tree, y.tree) && x.diagnostics == y.diagnostics;
  };
  const std::vector<Document> whole = parse_yaml(text, FileId{});
  const std::vector<Document> parts = parse_yaml(text, FileId{}, kOneItem);
  if (!std::ranges::equal(whole, parts, are_same_documents)) std::abort();
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
