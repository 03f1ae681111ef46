#include "solver/engines/smt_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace meshproof {

std::string_view to_string(SolverStatus status) {
  constexpr std::array<std::string_view, 3> kWords{"unknown", "unsat", "sat"};
  return kWords.at(static_cast<std::size_t>(status));
}

namespace {

/// A name between bars may hold anything printable but bars and backslashes; a comment ends with
/// its line.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_plain = c >= ' ' && c <= '~' && c != '|' && c != '\\';
    result += is_plain ? c : '_';
  }
  return result;
}

std::string name_in(const std::vector<std::string>& names, std::size_t index) {
  return index < names.size() && !names[index].empty() ? ' ' + printable(names[index])
                                                       : std::string();
}

unsigned bits_for(std::uint32_t size) {
  unsigned bits = 1;
  while (bits < 32 && (std::uint64_t{1} << bits) < size) ++bits;
  return bits;
}

class SmtWriter {
 public:
  SmtWriter(const Problem& problem, const ProblemNames& names)
      : problem_(problem), names_(names), is_used_(problem.nodes().size(), false) {
    const auto& nodes = problem_.nodes();
    for (const Formula formula : problem_.required()) is_used_[formula.index] = true;
    for (std::size_t i = nodes.size(); i-- > 0;) {
      if (!is_used_[i]) continue;
      for (const std::uint32_t operand : nodes[i].operands) is_used_[operand] = true;
    }
  }

  std::string write(const std::string& comment, SolverStatus status) {
    text_ += std::string(kSmt2Mark) + '\n';
    write_comment(comment);
    text_ += "(set-info :smt-lib-version 2.6)\n";
    text_ += "(set-info :status " + std::string(to_string(status)) + ")\n";
    if (!problem_.parts().empty()) text_ += "(set-option :produce-unsat-cores true)\n";
    text_ += "(set-logic QF_BV)\n";
    write_variables();
    write_parts();
    for (std::size_t i = 0; i < problem_.nodes().size(); ++i) {
      const Problem::Kind kind = problem_.nodes()[i].kind;
      const bool is_defined = kind == Problem::Kind::All || kind == Problem::Kind::Any;
      if (!is_used_[i] || !is_defined) continue;
      text_ += "(define-fun f" + std::to_string(i) + " () Bool (" +
               (kind == Problem::Kind::All ? "and" : "or");
      for (const std::uint32_t operand : problem_.nodes()[i].operands) text_ += ' ' + term(operand);
      text_ += "))\n";
    }
    for (const Formula formula : problem_.required()) {
      text_ += "(assert " + term(formula.index) + ")\n";
    }
    text_ += "(check-sat)\n";
    return std::move(text_);
  }

 private:
  void write_comment(const std::string& comment) {
    std::size_t start = 0;
    while (start < comment.size()) {
      const std::size_t end = std::min(comment.find('\n', start), comment.size());
      text_ += "; " + printable(std::string_view(comment).substr(start, end - start)) + '\n';
      start = end + 1;
    }
  }

  [[nodiscard]] std::string variable_name(std::uint32_t variable) const {
    return "|v" + std::to_string(variable) + name_in(names_.variables, variable) + '|';
  }

  [[nodiscard]] std::string part_name(PartLabel label) const {
    return "|part " + std::to_string(label) + name_in(names_.parts, label) + '|';
  }

  void write_variables() {
    const auto& sizes = problem_.variable_sizes();
    for (std::uint32_t i = 0; i < sizes.size(); ++i) {
      const std::string name = variable_name(i);
      const unsigned bits = bits_for(sizes[i]);
      if (i < names_.values.size()) {
        for (std::size_t value = 0; value < names_.values[i].size(); ++value) {
          text_ +=
              "; " + name + " = " + std::to_string(value) + name_in(names_.values[i], value) + '\n';
        }
      }
      text_ += "(declare-const " + name + " (_ BitVec " + std::to_string(bits) + "))\n";
      if ((std::uint64_t{1} << bits) == sizes[i]) continue;
      text_ += "(assert (bvult " + name + " (_ bv" + std::to_string(sizes[i]) + ' ' +
               std::to_string(bits) + ")))\n";
    }
  }

  void write_parts() {
    for (const PartLabel label : problem_.parts()) {
      const std::string name = "part" + std::to_string(label);
      text_ += "(declare-const " + name + " Bool)\n";
      text_ += "(assert (! " + name + " :named " + part_name(label) + "))\n";
    }
  }

  [[nodiscard]] std::string term(std::uint32_t index) const {
    const Problem::Node& node = problem_.nodes()[index];
    switch (node.kind) {
      case Problem::Kind::True:
        return "true";
      case Problem::Kind::False:
        return "false";
      case Problem::Kind::Is:
        return "(= " + variable_name(node.variable) + " (_ bv" + std::to_string(node.value) + ' ' +
               std::to_string(bits_for(problem_.variable_sizes()[node.variable])) + "))";
      case Problem::Kind::Not:
        return "(not " + term(node.operands.front()) + ')';
      case Problem::Kind::All:
      case Problem::Kind::Any:
        return 'f' + std::to_string(index);
      case Problem::Kind::Assumed:
        return "part" + std::to_string(node.value);
    }
    return "false";
  }

  const Problem& problem_;
  const ProblemNames& names_;
  std::vector<bool> is_used_;
  std::string text_;
};

}  // namespace

std::string smt2_text(const Problem& problem, const std::string& comment, SolverStatus status,
                      const ProblemNames& names) {
  return SmtWriter(problem, names).write(comment, status);
}

}  // namespace meshproof
