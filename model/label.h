#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/source.h"
#include "model/symbol.h"

namespace meshproof {

struct Label {
  Symbol key;
  Symbol value;

  auto operator<=>(const Label&) const = default;
};

/// Sorted by key; a key stands once.
class Labels {
 public:
  /// Replaces the value if the key is there.
  void set(Symbol key, Symbol value);
  /// An invalid symbol if the key is absent. O(log labels).
  [[nodiscard]] Symbol find(Symbol key) const;
  [[nodiscard]] const std::vector<Label>& all() const { return labels_; }

  auto operator<=>(const Labels&) const = default;

 private:
  std::vector<Label> labels_;
};

enum class LabelOperator : std::uint8_t { In, NotIn, Exists, DoesNotExist };

/// One term of a selector: `key operator values`. A matchLabels entry is `In` with one value.
struct LabelRequirement {
  Symbol key;
  LabelOperator op = LabelOperator::Exists;
  std::vector<Symbol> values;  ///< sorted; empty for Exists and DoesNotExist

  auto operator<=>(const LabelRequirement&) const = default;
};

/// metav1.LabelSelector: all requirements must hold, so the empty selector matches everything.
struct LabelSelector {
  std::vector<LabelRequirement> requirements;
  Place place;

  [[nodiscard]] bool matches_everything() const { return requirements.empty(); }
};

/// SEMANTICS L1: NotIn and DoesNotExist hold for an absent key, In and Exists need it.
[[nodiscard]] bool matches(const LabelRequirement& requirement, const Labels& labels);
[[nodiscard]] bool matches(const LabelSelector& selector, const Labels& labels);

/// In kubectl's own words: `app=web,tier in (a,b),!legacy`; `all` for the empty selector.
[[nodiscard]] std::string to_string(const LabelSelector& selector, const SymbolTable& symbols);

}  // namespace meshproof
