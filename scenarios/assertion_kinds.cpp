#include "scenarios/assertion_kinds.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/assertion_words.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

/// A mapping and what is needed to read it.
struct Reading {
  const Tree& tree;
  const Groups& groups;
  Diagnostics& found;
};

std::optional<Group> optional_group(const Reading& reading, std::string_view key) {
  if (is_absent(reading.tree, key)) return std::nullopt;
  return find_group(*reading.tree.find(key), reading.groups, reading.found);
}

Group required_group(const Reading& reading, std::string_view key) {
  if (is_absent(reading.tree, key)) {
    add_error(reading.found, reading.tree.place, "missing-field",
              fmt::format("{} is missing", key));
  }
  return optional_group(reading, key).value_or(Group{});
}

void read_from(const Reading& reading, Assertion& assertion) {
  assertion.from = required_group(reading, "from");
}

void read_to(const Reading& reading, Assertion& assertion) {
  assertion.to = required_group(reading, "to");
}

void read_via(const Reading& reading, Assertion& assertion) {
  assertion.via = required_group(reading, "via");
}

void read_in(const Reading& reading, Assertion& assertion) {
  assertion.in = optional_group(reading, "in");
}

void read_flow_ports(const Reading& reading, Assertion& assertion) {
  assertion.ports = read_ports(reading.tree, reading.found);
}

void read_except(const Reading& reading, Assertion& assertion) {
  constexpr std::array<std::string_view, 2> kFields{"from", "to"};
  const Tree* except = field(reading.tree, "except", TreeKind::Mapping, reading.found);
  if (except == nullptr) return;
  refuse_unknown_fields(*except, kFields, reading.found);
  const Reading inner{*except, reading.groups, reading.found};
  assertion.except_from = optional_group(inner, "from");
  assertion.except_to = optional_group(inner, "to");
}

void read_between(const Reading& reading, Assertion& assertion) {
  const Tree* between = field(reading.tree, "between", TreeKind::Sequence, reading.found);
  if (between == nullptr || between->items.size() < 2) {
    return add_error(reading.found, between == nullptr ? reading.tree.place : between->place,
                     "missing-field", "isolate needs between, a list of at least two groups");
  }
  for (const Tree& group : between->items) {
    if (auto found = find_group(group, reading.groups, reading.found); found) {
      assertion.between.push_back(std::move(*found));
    }
  }
}

void read_transitive(const Reading& reading, Assertion& assertion) {
  constexpr std::int64_t kMostHops = 100;
  const auto hops = integer_field(reading.tree, "transitive", reading.found);
  if (!hops) return;
  if (*hops < 1 || *hops > kMostHops) {
    return add_error(
        reading.found, reading.tree.find("transitive")->place, "bad-hops",
        fmt::format("transitive is the number of hops, from 1 to {}, not {}", kMostHops, *hops));
  }
  assertion.hops = static_cast<std::uint32_t>(*hops);
}

void read_touching(const Reading& reading, Assertion& assertion) {
  constexpr std::array<std::string_view, 1> kFields{"touching"};
  for (const Tree* except : object_items(reading.tree, "except", reading.found)) {
    refuse_unknown_fields(*except, kFields, reading.found);
    const Reading inner{*except, reading.groups, reading.found};
    assertion.touching.push_back(required_group(inner, "touching"));
  }
}

void read_kinds(const Reading& reading, Assertion& assertion) {
  assertion.object_kinds = read_object_kinds(reading.tree, reading.found);
}

void read_label(const Reading& reading, Assertion& assertion) {
  if (is_absent(reading.tree, "label")) return;
  assertion.label = required_string(reading.tree, "label", reading.found);
}

void read_rights(const Reading& reading, Assertion& assertion) {
  assertion.capabilities = read_capabilities(reading.tree, reading.found);
}

void read_allow_init(const Reading& reading, Assertion& assertion) {
  for (const Tree* name : one_or_more_strings(reading.tree, "allowInit", reading.found)) {
    assertion.allowed_init.push_back(name->text);
  }
}

/// Comes after `capabilities`: both may forbid nothing.
void read_host_network(const Reading& reading, Assertion& assertion) {
  assertion.allows_host_network = boolean_field(reading.tree, "hostNetwork", reading.found);
  if (!assertion.allows_host_network || !assertion.capabilities.empty()) return;
  add_error(reading.found, reading.tree.place, "missing-field",
            "this forbids nothing: no-privilege needs capabilities, or hostNetwork: false");
}

struct FieldRow {
  std::string_view name;
  void (*read)(const Reading& reading, Assertion& assertion);
};

constexpr auto kFlowFields = std::to_array<FieldRow>(
    {{"from", read_from}, {"to", read_to}, {"except", read_except}, {"ports", read_flow_ports}});
constexpr auto kIsolateFields = std::to_array<FieldRow>(
    {{"between", read_between}, {"transitive", read_transitive}, {"ports", read_flow_ports}});
constexpr auto kOnlyViaFields = std::to_array<FieldRow>(
    {{"from", read_from}, {"to", read_to}, {"via", read_via}, {"ports", read_flow_ports}});
constexpr auto kUnchangedFields =
    std::to_array<FieldRow>({{"except", read_touching}, {"ports", read_flow_ports}});
constexpr auto kOrphanFields =
    std::to_array<FieldRow>({{"kinds", read_kinds}, {"label", read_label}});
constexpr auto kPrivilegeFields = std::to_array<FieldRow>({{"in", read_in},
                                                           {"capabilities", read_rights},
                                                           {"allowInit", read_allow_init},
                                                           {"hostNetwork", read_host_network}});
constexpr auto kShadowFields = std::to_array<FieldRow>({{"in", read_in}});

/// Every kind has these, too.
constexpr std::array<std::string_view, 5> kCommonFields{"description", "id", "must", "severity",
                                                        "when"};

struct KindRow {
  AssertionKind kind;
  std::span<const FieldRow> fields;  ///< read in this order
};

constexpr std::array kKinds = std::to_array<KindRow>({
    {AssertionKind::Deny, kFlowFields},
    {AssertionKind::Allow, kFlowFields},
    {AssertionKind::Isolate, kIsolateFields},
    {AssertionKind::OnlyVia, kOnlyViaFields},
    {AssertionKind::Unchanged, kUnchangedFields},
    {AssertionKind::NoOrphans, kOrphanFields},
    {AssertionKind::NoPrivilege, kPrivilegeFields},
    {AssertionKind::NoShadowedRules, kShadowFields},
});
static_assert(kKinds.size() == kAssertionKinds.size());

const KindRow* find_kind(const Tree& tree, Diagnostics& found) {
  const std::string must = required_string(tree, "must", found);
  if (must.empty()) return nullptr;
  std::vector<std::string_view> words;
  for (const KindRow& row : kKinds) {
    if (must == to_string(row.kind)) return &row;
    words.push_back(to_string(row.kind));
  }
  std::string meant = suggestion(must, words);
  if (meant.empty()) meant = fmt::format("; there are {}", fmt::join(words, ", "));
  add_error(found, tree.find("must")->place, "unknown-assertion",
            fmt::format("there is no assertion \"{}\"{}", must, meant));
  return nullptr;
}

/// A statement about two states has none that it could be about before the change.
void check_when(const Tree& tree, const Assertion& assertion, Diagnostics& found) {
  const bool is_before = std::ranges::find(assertion.when, Moment::Before) != assertion.when.end();
  if (assertion.kind != AssertionKind::Unchanged || !is_before) return;
  add_error(found, tree.find("when")->place, "bad-when",
            "unchanged compares with the state before, so it is about every-step or after");
}

}  // namespace

std::optional<Assertion> read_assertion(const Tree& tree, const Groups& groups,
                                        Diagnostics& diagnostics) {
  Assertion assertion;
  assertion.place = tree.place;
  assertion.id = required_string(tree, "id", diagnostics);
  const KindRow* row = find_kind(tree, diagnostics);
  if (row == nullptr) return std::nullopt;
  assertion.kind = row->kind;
  assertion.severity = read_severity(tree, diagnostics);
  assertion.description = string_field(tree, "description", diagnostics).value_or("");
  assertion.when = read_when(tree, diagnostics);
  check_when(tree, assertion, diagnostics);
  std::vector<std::string_view> known(kCommonFields.begin(), kCommonFields.end());
  for (const FieldRow& field : row->fields) known.push_back(field.name);
  refuse_unknown_fields(tree, known, diagnostics);
  for (const FieldRow& field : row->fields) field.read({tree, groups, diagnostics}, assertion);
  return assertion;
}

}  // namespace meshproof
