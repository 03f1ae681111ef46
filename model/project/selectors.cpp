#include <algorithm>
#include <array>

#include "model/project/fields.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 2> kSelectorFields{"matchExpressions", "matchLabels"};
constexpr std::array<std::string_view, 3> kRequirementFields{"key", "operator", "values"};

struct OperatorRow {
  std::string_view name;
  LabelOperator op;
  bool takes_values;
};

constexpr std::array kOperators = std::to_array<OperatorRow>({
    {"In", LabelOperator::In, true},
    {"NotIn", LabelOperator::NotIn, true},
    {"Exists", LabelOperator::Exists, false},
    {"DoesNotExist", LabelOperator::DoesNotExist, false},
});

/// The label's value. The API server decodes null as the empty string.
std::optional<std::string_view> label_value(const TreeField& label, Diagnostics& diagnostics) {
  if (label.value.is(TreeKind::String)) return label.value.text;
  if (label.value.is_null()) return "";
  add_error(diagnostics, label.value.place, "wrong-type",
            "label `" + label.key + "` is " + describe(label.value) +
                ", not a string: write it in quotes");
  return std::nullopt;
}

const OperatorRow* read_operator(const Tree& requirement, Diagnostics& diagnostics) {
  const auto text = string_field(requirement, "operator", diagnostics);
  const auto row = std::ranges::find(kOperators, text.value_or(""), &OperatorRow::name);
  if (row != kOperators.end()) return row;
  if (text) {
    add_error(diagnostics, requirement.find("operator")->place, "unknown-operator",
              "operator `" + std::string{*text} +
                  "` is unknown; it is one of In, NotIn, Exists, DoesNotExist");
  } else if (is_absent(requirement, "operator")) {
    add_error(diagnostics, requirement.place, "missing-field",
              "the requirement has no `operator`; it is one of In, NotIn, Exists, DoesNotExist");
  }
  return nullptr;
}

std::optional<LabelRequirement> read_requirement(const Tree& tree, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  warn_of_pruned_fields(tree, kRequirementFields, diagnostics);
  const auto key = string_field(tree, "key", diagnostics);
  const auto* row = read_operator(tree, diagnostics);
  const auto values = string_items(tree, "values", diagnostics);
  if (key.value_or("").empty() && (key || is_absent(tree, "key"))) {
    add_error(diagnostics, tree.place, "missing-field", "the requirement has no `key`");
  }
  if (key.value_or("").empty() || row == nullptr) return std::nullopt;
  if (row->takes_values == values.empty()) {
    add_error(diagnostics, tree.place, "bad-values",
              "operator `" + std::string{row->name} +
                  (row->takes_values ? "` needs at least one value" : "` takes no values"));
    return std::nullopt;
  }
  LabelRequirement requirement{projection.cluster.symbols.intern(*key), row->op, {}};
  for (const auto* value : values) {
    requirement.values.push_back(projection.cluster.symbols.intern(value->text));
  }
  std::ranges::sort(requirement.values);
  const auto repeated = std::ranges::unique(requirement.values);
  requirement.values.erase(repeated.begin(), repeated.end());
  return requirement;
}

}  // namespace

Labels read_labels(const Tree* metadata, Projection& projection) {
  Labels labels;
  if (metadata == nullptr) return labels;
  const Tree* map = field(*metadata, "labels", TreeKind::Mapping, projection.diagnostics);
  if (map == nullptr) return labels;
  SymbolTable& symbols = projection.cluster.symbols;
  for (const auto& label : map->fields) {
    const auto value = label_value(label, projection.diagnostics);
    if (value) labels.set(symbols.intern(label.key), symbols.intern(*value));
  }
  return labels;
}

std::optional<LabelSelector> read_label_map(const Tree& labels, Projection& projection) {
  LabelSelector selector{{}, labels.place};
  SymbolTable& symbols = projection.cluster.symbols;
  bool understood = true;
  for (const auto& label : labels.fields) {
    const auto value = label_value(label, projection.diagnostics);
    understood = understood && value.has_value();
    if (!value) continue;
    selector.requirements.push_back(
        {symbols.intern(label.key), LabelOperator::In, {symbols.intern(*value)}});
  }
  if (!understood) return std::nullopt;
  return selector;
}

std::optional<LabelSelector> read_selector(const Tree& selector, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  const std::size_t errors_before = diagnostics.size();
  LabelSelector read{{}, selector.place};
  const Tree* labels = field(selector, "matchLabels", TreeKind::Mapping, diagnostics);
  if (labels != nullptr) {
    if (auto required = read_label_map(*labels, projection)) {
      read.requirements = std::move(required->requirements);
    }
  }
  for (const auto* item : object_items(selector, "matchExpressions", diagnostics)) {
    if (auto requirement = read_requirement(*item, projection)) {
      read.requirements.push_back(std::move(*requirement));
    }
  }
  const bool wrong = std::any_of(
      diagnostics.begin() + static_cast<std::ptrdiff_t>(errors_before), diagnostics.end(),
      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; });
  warn_of_pruned_fields(selector, kSelectorFields, diagnostics);
  if (wrong) return std::nullopt;
  return read;
}

}  // namespace meshproof
