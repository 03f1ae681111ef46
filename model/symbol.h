#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/id.h"

namespace meshproof {

/// A label key or value, as a number: equal text in one SymbolTable means equal Symbol.
using Symbol = Id<struct SymbolText>;

/// Strings become numbers at the door of a Cluster. Append-only; not thread-safe while interning.
class SymbolTable {
 public:
  SymbolTable() = default;
  SymbolTable(const SymbolTable& other);
  SymbolTable(SymbolTable&&) noexcept = default;
  SymbolTable& operator=(const SymbolTable& other);
  SymbolTable& operator=(SymbolTable&&) noexcept = default;
  ~SymbolTable() = default;

  /// The symbol of the text, made if it is new. Amortised O(length).
  Symbol intern(std::string_view text);
  /// The symbol of the text; an invalid one if nobody has interned it.
  [[nodiscard]] Symbol find(std::string_view text) const;
  [[nodiscard]] std::string_view text(Symbol symbol) const;
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::vector<std::unique_ptr<const std::string>> texts_;
  std::unordered_map<std::string_view, Symbol> symbols_;  // views into texts_
};

}  // namespace meshproof
