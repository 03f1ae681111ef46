#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/endpoint.h"

namespace meshproof {
namespace {

/// Every word of the text, so that the selector's words are known to the cluster.
SymbolTable words_of(std::string_view text) {
  constexpr std::string_view kBetween = " \t=!(),";
  SymbolTable symbols;
  symbols.intern("");
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(kBetween);
    symbols.intern(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return symbols;
}

/// A selector that was read says the same when it is written and read again.
void check_selector(std::string_view text) {
  const SymbolTable symbols = words_of(text);
  const auto selector = parse_selector(text, symbols);
  if (!selector.has_value() || selector->matches_everything()) return;
  const auto again = parse_selector(to_string(*selector, symbols), symbols);
  if (!again.has_value() || again->requirements != selector->requirements) std::abort();
}

}  // namespace
}  // namespace meshproof

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  meshproof::check_selector({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
