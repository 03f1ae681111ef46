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

/// A part of what a question takes for granted, of which a proof tells whether it needs it: a small
/// number that the caller chooses and can read (not a policy's id, so that equal questions stay
/// equal).
using PartLabel = std::uint32_t;

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

  /// True, and traced: "the part with this label is as it is written". Where a proof can do with
  /// less the label is not in its core (see Unsatisfiable). The same label gives the same formula.
  ///
  /// What a core means is up to how this is used. For "nobody gets in" (no solution) a policy that
  /// isolates is written `assume(label) and it selects`, under the negation that lets in whom
  /// nothing isolates, and what it admits is written without a guard. Then the question
  /// without the part is the question without the policy's isolation: it has more solutions and
  /// never fewer, and so for a core C that is minimal by inclusion:
  ///   - with the policies of C alone, or with C and any of the others, the statement holds,
  ///   however
  ///     many of the others are deleted (a policy adds isolation, which no proof from C uses, and
  ///     admissions, which only make it harder);
  ///   - with any policy of C and all those outside of it deleted, it does not hold: the flow that
  ///     then gets in goes to a pod that nothing left isolates, for else the admissions that let it
  ///     in would do so with all of C too.
  /// It does not mean that the policies outside of C may say anything: one that admitted more could
  /// break the statement. They are taken as written, as policies that admit nothing more; and so
  /// is what is exposed on purpose.
  Formula assume(PartLabel label);

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

  enum class Kind : std::uint8_t { True, False, Is, Not, All, Any, Assumed };
  struct Node {
    Kind kind = Kind::True;
    std::uint32_t variable = 0;           ///< of Is
    std::uint32_t value = 0;              ///< of Is; of Assumed the label
    std::vector<std::uint32_t> operands;  ///< of Not, All, Any; sorted; always smaller indices

    auto operator<=>(const Node&) const = default;
  };
  [[nodiscard]] const std::vector<std::uint32_t>& variable_sizes() const { return sizes_; }
  /// Operands stand before what they are operands of.
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<Formula>& required() const { return required_; }
  [[nodiscard]] const std::vector<Formula>& avoided() const { return avoided_; }
  [[nodiscard]] const std::vector<Formula>& preferred() const { return preferred_; }

  /// The labels that assume() was given; sorted, each once. O(nodes).
  [[nodiscard]] std::vector<PartLabel> parts() const;

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
