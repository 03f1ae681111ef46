#pragma once

#include <string>
#include <unordered_map>

#include "model/cluster.h"

/// Things of one cluster, in the symbols of another. Only the files of solver/moments include this.
namespace meshproof {

/// Both tables are kept by reference.
class SymbolCopy {
 public:
  SymbolCopy(const SymbolTable& from, SymbolTable& into) : from_(from), into_(into) {}

  [[nodiscard]] Symbol of(Symbol symbol);
  [[nodiscard]] Labels of(const Labels& labels);
  [[nodiscard]] LabelSelector of(const LabelSelector& selector);
  [[nodiscard]] NetworkPolicy of(const NetworkPolicy& policy);
  [[nodiscard]] Namespace of(const Namespace& ns);
  [[nodiscard]] Pod of(const Pod& pod);

 private:
  const SymbolTable& from_;
  SymbolTable& into_;
  std::unordered_map<std::uint32_t, Symbol> known_;
};

}  // namespace meshproof
