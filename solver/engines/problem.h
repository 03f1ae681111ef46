#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

namespace meshproof {

/// A formula of one Problem. Formulas of another Problem are a bug.
struct Formula {
  std::uint32_t index = 0;

  auto operator<=>(const Formula&) const = default;
};

/// A variable of one Problem: it takes one of the values 0 .. size-1.
struct Variable {
  std::uint32_t index = 0;

  auto operator<=>(const Variable&) const = default;
};

/// A propositional question over variables with finite domains, as a plain value: built without a
/// solver, compared structurally (so equal questions need be solved once), and decidable by
/// enumeration as well as by solve(). Formulas are hash-consed and simplified as they are built.
class Problem {
 public:
  /// `size` is at least 1.
  Variable add_variable(std::uint32_t size);

  [[nodiscard]] static Formula truth() { return {0}; }
  [[nodiscard]] static Formula falsehood() { return {1}; }
  [[nodiscard]] static Formula constant(bool value) { return value ? truth() : falsehood(); }

  /// The variable has the value; false for values outside its domain.
  Formula is(Variable variable, std::uint32_t value);
  /// The variable has one of the values.
  Formula is_any(Variable variable, const std::vector<std::uint32_t>& values);
  Formula negate(Formula formula);
  /// True for no operands.
  Formula all_of(std::vector<Formula> operands);
  /// False for no operands.
  Formula any_of(std::vector<Formula> operands);

  /// Must hold.
  void require(Formula formula) { required_.push_back(formula); }
  /// A solution has as few of these as possible.
  void avoid(Formula formula) { avoided_.push_back(formula); }
  /// Among the smallest solutions: holds if it can, earlier preferences first.
  void prefer(Formula formula) { preferred_.push_back(formula); }

  /// One value per variable.
  using Assignment = std::vector<std::uint32_t>;
  [[nodiscard]] bool evaluate(Formula formula, const Assignment& assignment) const;
  /// True if every required formula holds.
  [[nodiscard]] bool satisfies(const Assignment& assignment) const;

  enum class Kind : std::uint8_t { True, False, Is, Not, All, Any };
  struct Node {
    Kind kind = Kind::True;
    std::uint32_t variable = 0;           ///< of Is
    std::uint32_t value = 0;              ///< of Is
    std::vector<std::uint32_t> operands;  ///< of Not, All, Any; sorted; always smaller indices

    auto operator<=>(const Node&) const = default;
  };
  [[nodiscard]] const std::vector<std::uint32_t>& variable_sizes() const { return sizes_; }
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<Formula>& required() const { return required_; }
  [[nodiscard]] const std::vector<Formula>& avoided() const { return avoided_; }
  [[nodiscard]] const std::vector<Formula>& preferred() const { return preferred_; }

  /// By structure: problems built in the same way compare equal whatever they are about.
  friend std::strong_ordering operator<=>(const Problem& a, const Problem& b);
  friend bool operator==(const Problem& a, const Problem& b);

 private:
  Formula add(Node node);
  Formula connect(Kind kind, std::vector<Formula> operands);

  std::vector<std::uint32_t> sizes_;
  std::vector<Node> nodes_{{Kind::True, 0, 0, {}}, {Kind::False, 0, 0, {}}};
  std::map<Node, std::uint32_t> index_;  // of nodes_
  std::vector<Formula> required_;
  std::vector<Formula> avoided_;
  std::vector<Formula> preferred_;
};

}  // namespace meshproof
