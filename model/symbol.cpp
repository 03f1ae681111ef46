#include "model/symbol.h"

namespace meshproof {

SymbolTable::SymbolTable(const SymbolTable& other) {
  texts_.reserve(other.texts_.size());
  for (const auto& text : other.texts_) intern(*text);
}

SymbolTable& SymbolTable::operator=(const SymbolTable& other) {
  SymbolTable copy{other};
  *this = std::move(copy);
  return *this;
}

Symbol SymbolTable::intern(std::string_view text) {
  if (const auto known = symbols_.find(text); known != symbols_.end()) return known->second;
  const Symbol symbol{static_cast<std::uint32_t>(texts_.size())};
  texts_.push_back(std::make_unique<const std::string>(text));
  symbols_.emplace(*texts_.back(), symbol);
  return symbol;
}

Symbol SymbolTable::find(std::string_view text) const {
  const auto known = symbols_.find(text);
  return known == symbols_.end() ? Symbol{} : known->second;
}

std::string_view SymbolTable::text(Symbol symbol) const { return *texts_.at(symbol.value); }

}  // namespace meshproof
