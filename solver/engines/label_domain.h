#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/problem.h"

namespace meshproof {

/// The values of one label key that selectors can tell apart (SEMANTICS T7): 0 is an absent key,
/// 1 + i the value values[i], and size() - 1 every other value.
struct LabelDomain {
  Symbol key;
  std::vector<Symbol> values;  ///< named by some selector; sorted

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(values.size()) + 2; }
  [[nodiscard]] std::uint32_t other() const { return size() - 1; }
  /// An invalid symbol stands for an absent key.
  [[nodiscard]] std::uint32_t index_of(Symbol value) const;

  auto operator<=>(const LabelDomain&) const = default;
};

/// The keys that a set of selectors looks at, in key order.
class LabelDomains {
 public:
  void add(const LabelSelector& selector);
  /// Adds a key, and a value if it is valid; nothing for an invalid key.
  void add(Symbol key, Symbol value = {});
  /// All that the others look at, too.
  void add(const LabelDomains& others);

  [[nodiscard]] const std::vector<LabelDomain>& all() const { return domains_; }
  /// Position in all(); all().size() if nobody looks at the key.
  [[nodiscard]] std::size_t find(Symbol key) const;
  /// What the selectors see of these labels: an index per key.
  [[nodiscard]] std::vector<std::uint32_t> project(const Labels& labels) const;

  auto operator<=>(const LabelDomains&) const = default;

 private:
  LabelDomain& at(Symbol key);

  std::vector<LabelDomain> domains_;
};

/// The labels of a pod or namespace that could be: a variable per key.
struct LabelVariables {
  LabelDomains domains;
  std::vector<Variable> variables;

  LabelVariables() = default;
  LabelVariables(LabelDomains the_domains, Problem& problem);

  /// SEMANTICS L1. The selector must have been added to the domains.
  [[nodiscard]] Formula matches(const LabelSelector& selector, Problem& problem) const;
  /// The key has the value; false for keys and values that are in no domain.
  [[nodiscard]] Formula has(Symbol key, Symbol value, Problem& problem) const;
  /// Makes the assignment say these labels.
  void assign(const Labels& labels, Problem::Assignment& assignment) const;
  /// The labels that an assignment gives, as text. A value that nobody names becomes `other`, or
  /// a longer word where `other` is named.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> decode(
      const Problem::Assignment& assignment, const SymbolTable& symbols) const;
};

}  // namespace meshproof
