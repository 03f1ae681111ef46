#include "scenarios/assertions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/group.h"
#include "scenarios/object_list.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::string_view kApiVersion = "meshproof.io/v1";
constexpr std::string_view kBuiltin = "builtin:";

constexpr std::array<std::string_view, 5> kDocumentFields{"apiVersion", "assertions", "groups",
                                                          "kind", "metadata"};
constexpr std::array<std::string_view, 9> kFlowFields{
    "description", "except", "from", "id", "must", "ports", "severity", "to", "when"};
constexpr std::array<std::string_view, 8> kIsolateFields{
    "between", "description", "id", "must", "ports", "severity", "transitive", "when"};
constexpr std::array<std::string_view, 2> kExceptFields{"from", "to"};
constexpr std::array<std::string_view, 3> kMoments{"after", "before", "every-step"};

struct KindRow {
  std::string_view must;
  std::optional<AssertionKind> kind;  ///< empty: known, and not decided yet
};

constexpr std::array kStatements = std::to_array<KindRow>({
    {"deny", AssertionKind::Deny},
    {"allow", AssertionKind::Allow},
    {"isolate", AssertionKind::Isolate},
    {"only-via", std::nullopt},
    {"unchanged", std::nullopt},
    {"no-orphans", std::nullopt},
    {"no-privilege", std::nullopt},
    {"no-shadowed-rules", std::nullopt},
});

struct SeverityRow {
  std::string_view word;
  Severity severity;
};

constexpr std::array kSeverities = std::to_array<SeverityRow>({
    {"critical", Severity::Error},
    {"error", Severity::Error},
    {"warning", Severity::Warning},
    {"note", Severity::Note},
});

template <typename Rows, typename Word>
std::vector<std::string_view> words_of(const Rows& rows, Word word) {
  std::vector<std::string_view> words;
  for (const auto& row : rows) words.push_back(row.*word);
  return words;
}

std::optional<PortRange> parse_range(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint16_t> {
    std::uint16_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || value == 0) return std::nullopt;
    return value;
  };
  const auto dash = text.find('-');
  const auto from = number(text.substr(0, dash));
  const auto to = dash == std::string_view::npos ? from : number(text.substr(dash + 1));
  if (!from || !to || *from > *to) return std::nullopt;
  return PortRange{*from, *to};
}

/// `tcp`, `tcp/8443`, `udp/8000-8100`, `icmp`; the protocol in either case.
std::optional<PortSet> parse_ports(std::string_view text) {
  const auto slash = text.find('/');
  std::string name{text.substr(0, slash)};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto protocol = parse_protocol(name);
  if (!protocol) return std::nullopt;
  if (*protocol == Protocol::Icmp) {
    if (slash != std::string_view::npos) return std::nullopt;
    return PortSet::of(*protocol, {0, 0});
  }
  if (slash == std::string_view::npos) return PortSet::of(*protocol, {1, 65535});
  const auto range = parse_range(text.substr(slash + 1));
  if (!range) return std::nullopt;
  return PortSet::of(*protocol, *range);
}

class AssertionsReader {
 public:
  explicit AssertionsReader(Diagnostics& found) : found_(&found) {}

  void add_document(const Tree& document) {
    const std::string_view kind = document.string_at({"kind"});
    const std::string_view api_version = document.string_at({"apiVersion"});
    if (kind != "Assertions" || api_version != kApiVersion) {
      return add_error(*found_, document.place, "not-assertions",
                       fmt::format("an assertion file has kind Assertions and apiVersion {}, not "
                                   "\"{}\" and \"{}\"",
                                   kApiVersion, kind, api_version));
    }
    refuse_unknown_fields(document, kDocumentFields, *found_);
    groups_.clear();
    if (const Tree* groups = field(document, "groups", TreeKind::Mapping, *found_);
        groups != nullptr) {
      for (const TreeField& entry : groups->fields) {
        auto group = read_group(entry.key, entry.value, *found_);
        // A broken group is known all the same, so that its users are not told of it.
        groups_.emplace(entry.key, group ? std::move(*group) : Group{});
      }
    }
    const auto assertions = object_items(document, "assertions", *found_);
    if (assertions.empty() && is_absent(document, "assertions")) {
      add_error(*found_, document.place, "no-assertions", "there is no assertion in this document");
    }
    for (const Tree* assertion : assertions) add_assertion(*assertion);
  }

  [[nodiscard]] std::vector<Assertion> take() { return std::move(assertions_); }

 private:
  void add_assertion(const Tree& tree) {
    Assertion assertion;
    assertion.place = tree.place;
    assertion.id = required_string(tree, "id", *found_);
    if (!assertion.id.empty()) check_id(tree, assertion.id);
    const auto kind = read_kind(tree);
    if (!kind) return;
    assertion.kind = *kind;
    assertion.severity = read_severity(tree);
    assertion.ports = read_ports(tree);
    check_when(tree);
    if (*kind == AssertionKind::Isolate) {
      refuse_unknown_fields(tree, kIsolateFields, *found_);
      check_transitive(tree);
      read_between(tree, assertion);
    } else {
      refuse_unknown_fields(tree, kFlowFields, *found_);
      assertion.from = required_group(tree, "from");
      assertion.to = required_group(tree, "to");
      read_except(tree, assertion);
    }
    assertions_.push_back(std::move(assertion));
  }

  void check_id(const Tree& tree, const std::string& id) {
    const Place place = tree.find("id")->place;
    const auto [first, is_new] = ids_.emplace(id, place);
    if (is_new) return;
    add_error(*found_, place, "duplicate-id", fmt::format("the id {} stands twice", id));
    found_->back().notes.push_back({first->second, "first here"});
  }

  std::optional<AssertionKind> read_kind(const Tree& tree) {
    const std::string must = required_string(tree, "must", *found_);
    if (must.empty()) return std::nullopt;
    const auto row = std::ranges::find(kStatements, must, &KindRow::must);
    const Place place = tree.find("must")->place;
    if (row == kStatements.end()) {
      add_error(*found_, place, "unknown-assertion",
                fmt::format("there is no assertion \"{}\"{}", must,
                            suggestion(must, words_of(kStatements, &KindRow::must))));
      return std::nullopt;
    }
    if (!row->kind) {
      add_error(*found_, place, "unsupported-assertion",
                fmt::format("\"{}\" is not decided yet; deny, allow and isolate are", must));
    }
    return row->kind;
  }

  Severity read_severity(const Tree& tree) {
    const auto word = string_field(tree, "severity", *found_);
    if (!word) return Severity::Error;
    const auto row = std::ranges::find(kSeverities, *word, &SeverityRow::word);
    if (row != kSeverities.end()) return row->severity;
    add_error(*found_, tree.find("severity")->place, "unknown-severity",
              fmt::format("severity is critical, error, warning or note, not \"{}\"{}", *word,
                          suggestion(*word, words_of(kSeverities, &SeverityRow::word))));
    return Severity::Error;
  }

  PortSet read_ports(const Tree& tree) {
    if (is_absent(tree, "ports")) return PortSet::all();
    PortSet ports = PortSet::none();
    const auto texts = one_or_more_strings(tree, "ports", *found_);
    for (const Tree* text : texts) {
      const auto set = text->text == "any" ? PortSet::all() : parse_ports(text->text);
      if (set) {
        ports = ports.unite(*set);
      } else {
        add_error(*found_, text->place, "bad-port",
                  fmt::format("\"{}\" is no port: write any, tcp, tcp/8443, udp/8000-8100 or icmp",
                              text->text));
      }
    }
    if (texts.empty() && tree.find("ports")->items.empty()) {
      add_error(*found_, tree.find("ports")->place, "bad-port",
                "no port at all says nothing: write any, or leave ports out");
    }
    return ports;
  }

  void check_when(const Tree& tree) {
    for (const Tree* moment : one_or_more_strings(tree, "when", *found_)) {
      if (std::ranges::find(kMoments, moment->text) == kMoments.end()) {
        add_error(*found_, moment->place, "unknown-when",
                  fmt::format("when is before, every-step or after, not \"{}\"{}", moment->text,
                              suggestion(moment->text, kMoments)));
      } else if (moment->text == "every-step") {
        add_warning(*found_, moment->place, "unsupported-when",
                    "the steps between are not judged yet: this is decided for the states before "
                    "and after the change");
      }
    }
  }

  void check_transitive(const Tree& tree) {
    const auto hops = integer_field(tree, "transitive", *found_);
    if (!hops || *hops == 1) return;
    add_error(*found_, tree.find("transitive")->place, "unsupported-assertion",
              "isolation over several hops is not decided yet; leave transitive out");
  }

  Group required_group(const Tree& tree, std::string_view key) {
    const Tree* value = tree.find(key);
    if (value == nullptr || value->is_null()) {
      add_error(*found_, tree.place, "missing-field", fmt::format("{} is missing", key));
      return {};
    }
    return find_group(*value, groups_, *found_).value_or(Group{});
  }

  void read_between(const Tree& tree, Assertion& assertion) {
    const Tree* between = field(tree, "between", TreeKind::Sequence, *found_);
    if (between == nullptr || between->items.size() < 2) {
      return add_error(*found_, between == nullptr ? tree.place : between->place, "missing-field",
                       "isolate needs between, a list of at least two groups");
    }
    for (const Tree& group : between->items) {
      if (auto found = find_group(group, groups_, *found_); found) {
        assertion.between.push_back(std::move(*found));
      }
    }
  }

  void read_except(const Tree& tree, Assertion& assertion) {
    const Tree* except = field(tree, "except", TreeKind::Mapping, *found_);
    if (except == nullptr) return;
    refuse_unknown_fields(*except, kExceptFields, *found_);
    if (!is_absent(*except, "from")) assertion.except_from = required_group(*except, "from");
    if (!is_absent(*except, "to")) assertion.except_to = required_group(*except, "to");
  }

  Diagnostics* found_;
  Groups groups_;
  std::map<std::string, Place> ids_;
  std::vector<Assertion> assertions_;
};

}  // namespace

Result<Assertions> read_assertions(const std::vector<std::string>& names, Sources& sources,
                                   Diagnostics& warnings) {
  Diagnostics found;
  Assertions read;
  AssertionsReader reader{found};
  for (const std::string& name : names) {
    if (name.starts_with(kBuiltin)) {
      read.builtins.push_back(name);
      continue;
    }
    const std::size_t errors_before = found.size();
    const std::vector<Tree> documents = load_documents({name}, sources, found);
    for (const Tree& document : documents) reader.add_document(document);
    if (documents.empty() && found.size() == errors_before) {
      Diagnostic nothing{.place = {},
                         .code = "no-assertions",
                         .message = "there is no assertion in this file",
                         .notes = {},
                         .subject = name};
      found.push_back(std::move(nothing));
    }
  }
  Diagnostics errors = split_errors(std::move(found), warnings);
  if (!errors.empty()) return Result<Assertions>{tl::unexpect, std::move(errors)};
  read.assertions = reader.take();
  return read;
}

}  // namespace meshproof
