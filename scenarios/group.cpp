#include "scenarios/group.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "model/spelling.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 8> kGroupFields{"allowEmpty", "cidr", "except", "mesh",
                                                       "namespaces", "ns",   "pods",   "universe"};
constexpr std::array<std::string_view, 5> kNamespaceFields{"matchExpressions", "matchLabels",
                                                           "memberOf", "names", "notMemberOf"};
constexpr std::array<std::string_view, 2> kSelectorFields{"matchExpressions", "matchLabels"};
constexpr std::array<std::string_view, 3> kTermFields{"key", "operator", "values"};
constexpr std::array<std::string_view, 4> kOperators{"In", "NotIn", "Exists", "DoesNotExist"};

/// How a message and a verdict call an inline group.
std::string describe_group(const Tree& tree) {
  std::string text;
  for (const TreeField& entry : tree.fields) {
    text += text.empty() ? "" : ", ";
    text += entry.key + ": ";
    if (entry.value.is(TreeKind::String)) {
      text += entry.value.text;
    } else if (entry.value.is(TreeKind::Sequence)) {
      std::string items;
      for (const Tree& item : entry.value.items) items += (items.empty() ? "" : ", ") + item.text;
      text += '[' + items + ']';
    } else {
      text += entry.value.is(TreeKind::Mapping) ? '{' + describe_group(entry.value) + '}'
                                                : entry.value.text;
    }
  }
  return text;
}

class GroupReader {
 public:
  explicit GroupReader(Diagnostics& found) : found_(&found) {}

  Group read(const Tree& tree) {
    group_.place = tree.place;
    group_.mesh = name_of(tree, "mesh");
    add_namespaces(tree, "ns");
    read_namespaces(tree);
    read_pods(tree);
    for (const Tree* cidr : one_or_more_strings(tree, "cidr", *found_)) {
      if (const auto block = parse_cidr(*cidr, *found_); block) group_.cidrs.push_back(*block);
    }
    read_except(tree);
    read_universe(tree);
    group_.allow_empty = boolean_field(tree, "allowEmpty", *found_);
    return std::move(group_);
  }

 private:
  void add_namespaces(const Tree& tree, std::string_view key) {
    for (const Tree* name : one_or_more_strings(tree, key, *found_)) {
      group_.namespace_names.push_back(name->text);
      group_.name_places.emplace(name->text, name->place);
    }
  }

  /// Of a mesh.
  std::optional<std::string> name_of(const Tree& tree, std::string_view key) {
    const auto text = string_field(tree, key, *found_);
    if (!text) return std::nullopt;
    group_.name_places.emplace(*text, tree.find(key)->place);
    if (text->empty()) {
      add_error(*found_, tree.find(key)->place, "wrong-type",
                fmt::format("{} must be a nonempty string", key));
    }
    return std::string{*text};
  }

  void read_namespaces(const Tree& tree) {
    const Tree* namespaces = field(tree, "namespaces", TreeKind::Mapping, *found_);
    if (namespaces == nullptr) return;
    refuse_unknown_fields(*namespaces, kNamespaceFields, *found_);
    group_.member_of = name_of(*namespaces, "memberOf");
    group_.not_member_of = name_of(*namespaces, "notMemberOf");
    add_namespaces(*namespaces, "names");
    group_.namespace_selector = read_selector(*namespaces);
  }

  void read_pods(const Tree& tree) {
    if (const Tree* pods = field(tree, "pods", TreeKind::Mapping, *found_); pods != nullptr) {
      refuse_unknown_fields(*pods, kSelectorFields, *found_);
      group_.pod_selector = read_selector(*pods);
    }
    // Fields beyond the known ones are pod labels.
    for (const TreeField& entry : tree.fields) {
      if (std::ranges::find(kGroupFields, entry.key) != kGroupFields.end()) continue;
      const std::string_view meant = nearest_word(entry.key, kGroupFields);
      if (!meant.empty()) {
        add_error(*found_, entry.key_place, "unknown-field",
                  fmt::format("there is no field \"{}\" here; did you mean {}? a pod label of that "
                              "name goes to pods.matchLabels",
                              entry.key, meant));
        continue;
      }
      if (!group_.pod_selector) group_.pod_selector.emplace();
      add_label(entry, *group_.pod_selector);
    }
  }

  /// Empty if neither matchLabels nor matchExpressions is there.
  std::optional<SelectorText> read_selector(const Tree& tree) {
    const Tree* labels = field(tree, "matchLabels", TreeKind::Mapping, *found_);
    const auto terms = object_items(tree, "matchExpressions", *found_);
    if (labels == nullptr && tree.find("matchExpressions") == nullptr) return std::nullopt;
    SelectorText selector;
    if (labels != nullptr) {
      for (const TreeField& entry : labels->fields) add_label(entry, selector);
    }
    for (const Tree* term : terms) add_term(*term, selector);
    return selector;
  }

  void add_label(const TreeField& entry, SelectorText& selector) {
    if (entry.value.is(TreeKind::String)) {
      selector.terms.push_back({entry.key, "In", {entry.value.text}});
      return;
    }
    add_error(*found_, entry.value.place, "wrong-type",
              fmt::format("the label {} must be a string, not {}: quote it", entry.key,
                          describe(entry.value)));
  }

  void add_term(const Tree& term, SelectorText& selector) {
    refuse_unknown_fields(term, kTermFields, *found_);
    const std::string key = required_string(term, "key", *found_);
    const std::string op = required_string(term, "operator", *found_);
    std::vector<std::string> values;
    for (const Tree* value : string_items(term, "values", *found_)) values.push_back(value->text);
    if (key.empty() || op.empty()) return;
    if (std::ranges::find(kOperators, op) == kOperators.end()) {
      return add_error(
          *found_, term.find("operator")->place, "unknown-operator",
          fmt::format("there is no operator \"{}\"{}", op, suggestion(op, kOperators)));
    }
    const bool needs_values = op == "In" || op == "NotIn";
    if (needs_values == values.empty()) {
      return add_error(*found_, term.place, "bad-values",
                       needs_values ? fmt::format("{} needs values", op)
                                    : fmt::format("{} takes no values", op));
    }
    selector.terms.push_back({key, op, std::move(values)});
  }

  void read_except(const Tree& tree) {
    const auto exceptions = one_or_more_strings(tree, "except", *found_);
    if (!exceptions.empty() && tree.find("cidr") == nullptr) {
      add_error(*found_, exceptions.front()->place, "except-without-cidr",
                "except takes addresses out of cidr, and this group has none");
    }
    for (const Tree* exception : exceptions) {
      if (exception->text == "cluster") {
        group_.except_cluster = true;
      } else if (const auto block = parse_cidr(*exception, *found_); block) {
        group_.except_cidrs.push_back(*block);
      }
    }
  }

  void read_universe(const Tree& tree) {
    const auto universe = string_field(tree, "universe", *found_);
    if (!universe) return;
    group_.unbounded = *universe == "unbounded";
    if (group_.unbounded || *universe == "enumerated") return;
    constexpr std::array<std::string_view, 2> kUniverses{"enumerated", "unbounded"};
    add_error(*found_, tree.find("universe")->place, "unknown-universe",
              fmt::format("universe is enumerated or unbounded, not \"{}\"{}", *universe,
                          suggestion(*universe, kUniverses)));
  }

  Diagnostics* found_;
  Group group_;
};

}  // namespace

std::optional<Group> read_group(std::string name, const Tree& tree, Diagnostics& diagnostics) {
  if (!tree.is(TreeKind::Mapping)) {
    add_error(diagnostics, tree.place, "wrong-type",
              fmt::format("a group must be a mapping, not {}", describe(tree)));
    return std::nullopt;
  }
  Diagnostics found;
  Group group = GroupReader{found}.read(tree);
  group.name = std::move(name);
  const bool is_clean = !has_errors(found);
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  if (!is_clean) return std::nullopt;
  return group;
}

std::optional<Group> find_group(const Tree& tree, const Groups& groups, Diagnostics& diagnostics) {
  if (!tree.is(TreeKind::String)) return read_group(describe_group(tree), tree, diagnostics);
  if (const auto found = groups.find(tree.text); found != groups.end()) {
    Group group = found->second;
    group.place = tree.place;
    return group;
  }
  std::vector<std::string_view> names;
  for (const auto& [name, group] : groups) names.emplace_back(name);
  add_error(diagnostics, tree.place, "unknown-group",
            fmt::format("there is no group \"{}\"{}", tree.text, suggestion(tree.text, names)));
  return std::nullopt;
}

}  // namespace meshproof
