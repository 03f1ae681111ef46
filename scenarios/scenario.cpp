#include "scenarios/scenario.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "model/tree.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::string_view kFileName = "scenario.yaml";
constexpr std::array<std::string_view, 5> kFields{"apiVersion", "kind", "description", "run",
                                                  "expect"};
constexpr std::array<std::string_view, 10> kExpectFields{
    "exitCode", "steps", "outcomes", "verdicts", "lost",
    "gained",   "finds", "hazards",  "says",     "probes"};
constexpr std::array<std::string_view, 5> kProbeFields{"from", "to", "port", "before", "after"};

std::vector<ExpectedText> texts(const Tree& parent, std::string_view key,
                                Diagnostics& diagnostics) {
  std::vector<ExpectedText> result;
  for (const Tree* item : string_items(parent, key, diagnostics)) {
    result.push_back({item->text, item->place});
  }
  return result;
}

std::optional<std::vector<ExpectedText>> optional_texts(const Tree& parent, std::string_view key,
                                                        Diagnostics& diagnostics) {
  if (parent.find(key) == nullptr) return std::nullopt;
  return texts(parent, key, diagnostics);
}

std::vector<ExpectedEntry> entries(const Tree& parent, std::string_view key,
                                   Diagnostics& diagnostics) {
  std::vector<ExpectedEntry> result;
  const Tree* mapping = field(parent, key, TreeKind::Mapping, diagnostics);
  if (mapping == nullptr) return result;
  for (const TreeField& each : mapping->fields) {
    if (!each.value.is(TreeKind::String)) {
      add_error(diagnostics, each.value.place, "wrong-type",
                fmt::format("`{}` is {}, not a string", each.key, describe(each.value)));
      continue;
    }
    result.push_back({each.key, each.value.text, each.key_place});
  }
  return result;
}

std::optional<std::vector<std::vector<ExpectedText>>> steps_of(const Tree& expect,
                                                               Diagnostics& diagnostics) {
  const Tree* list = field(expect, "steps", TreeKind::Sequence, diagnostics);
  if (list == nullptr) return std::nullopt;
  std::vector<std::vector<ExpectedText>> steps;
  for (const Tree& item : list->items) {
    std::vector<ExpectedText> group;
    for (const Tree& line : item.is(TreeKind::Sequence) ? item.items : std::vector<Tree>{item}) {
      if (line.is(TreeKind::String)) {
        group.push_back({line.text, line.place});
      } else {
        add_error(diagnostics, line.place, "wrong-type",
                  fmt::format("a step is {}, not a line like 'create NetworkPolicy shop/web'",
                              describe(line)));
      }
    }
    steps.push_back(std::move(group));
  }
  return steps;
}

/// `9080/TCP`.
void parse_port(const Tree& text, ExpectedProbe& probe, Diagnostics& diagnostics) {
  const std::string_view written = text.text;
  const std::size_t slash = written.find('/');
  const auto protocol = parse_protocol(slash == written.npos ? "TCP" : written.substr(slash + 1));
  const std::string_view digits = written.substr(0, slash);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), probe.port);
  if (!protocol || error != std::errc() || end != digits.data() + digits.size()) {
    add_error(diagnostics, text.place, "bad-value",
              fmt::format("'{}' is no port; write PORT/PROTOCOL, as in 9080/TCP", written));
    return;
  }
  probe.protocol = *protocol;
}

/// Null stands for a flow that cannot be decided.
std::optional<bool> expected_answer(const Tree& probe, std::string_view key,
                                    Diagnostics& diagnostics) {
  const Tree* answer = field(probe, key, TreeKind::Boolean, diagnostics);
  if (answer == nullptr) return std::nullopt;
  return answer->text == "true";
}

ExpectedProbe probe_of(const Tree& item, Diagnostics& diagnostics) {
  refuse_unknown_fields(item, kProbeFields, diagnostics);
  ExpectedProbe probe;
  probe.place = item.place;
  probe.from = string_field(item, "from", diagnostics).value_or("");
  probe.to = string_field(item, "to", diagnostics).value_or("");
  if (const Tree* port = item.find("port")) parse_port(*port, probe, diagnostics);
  probe.before = expected_answer(item, "before", diagnostics);
  probe.after = expected_answer(item, "after", diagnostics);
  for (const char* key : {"from", "to", "port", "before", "after"}) {
    if (item.find(key) == nullptr) {
      add_error(
          diagnostics, item.place, "missing-field",
          fmt::format("the probe has no '{}'; it needs from, to, port, before and after", key));
    }
  }
  return probe;
}

void read_expectations(const Tree& expect, Scenario& scenario, Diagnostics& diagnostics) {
  refuse_unknown_fields(expect, kExpectFields, diagnostics);
  if (const auto code = integer_field(expect, "exitCode", diagnostics)) {
    scenario.exit_code = static_cast<int>(*code);
  }
  scenario.steps = steps_of(expect, diagnostics);
  scenario.outcomes = entries(expect, "outcomes", diagnostics);
  scenario.verdicts = entries(expect, "verdicts", diagnostics);
  scenario.lost = optional_texts(expect, "lost", diagnostics);
  scenario.gained = optional_texts(expect, "gained", diagnostics);
  scenario.finds = texts(expect, "finds", diagnostics);
  scenario.hazards = texts(expect, "hazards", diagnostics);
  scenario.says = texts(expect, "says", diagnostics);
  for (const Tree* item : object_items(expect, "probes", diagnostics)) {
    scenario.probes.push_back(probe_of(*item, diagnostics));
  }
}

}  // namespace

std::size_t Scenario::expectation_count() const {
  return (exit_code ? 1u : 0u) + (steps ? 1u : 0u) + (lost ? 1u : 0u) + (gained ? 1u : 0u) +
         outcomes.size() + verdicts.size() + finds.size() + hazards.size() + says.size() +
         probes.size();
}

std::vector<std::string> find_scenarios(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(fs::path(path) / kFileName, error)) return {path};
  std::vector<std::string> folders;
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().filename() == kFileName) folders.push_back(it->path().parent_path().string());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

Result<Scenario> read_scenario(const std::string& folder, Sources& sources) {
  Diagnostics diagnostics;
  Scenario scenario;
  scenario.folder = folder;
  const std::string path = (std::filesystem::path(folder) / kFileName).string();
  const std::vector<Tree> documents = load_documents({path}, sources, diagnostics);
  if (has_errors(diagnostics)) return tl::make_unexpected(diagnostics);
  if (documents.size() != 1 || documents.front().string_at({"kind"}) != "Scenario") {
    diagnostics.push_back({documents.empty() ? Place{} : documents.front().place,
                           Severity::Error,
                           "wrong-kind",
                           "this is not one document of kind Scenario",
                           {},
                           path});
    return tl::make_unexpected(diagnostics);
  }
  const Tree& tree = documents.front();
  refuse_unknown_fields(tree, kFields, diagnostics);
  scenario.description = string_field(tree, "description", diagnostics).value_or("");
  for (const ExpectedText& word : texts(tree, "run", diagnostics)) {
    scenario.run.push_back(word.text);
  }
  if (scenario.run.empty() || scenario.run.front() != "plan") {
    add_error(diagnostics, tree.place, "missing-field",
              "'run' must be a command line that begins with plan");
  }
  if (const Tree* expect = field(tree, "expect", TreeKind::Mapping, diagnostics)) {
    read_expectations(*expect, scenario, diagnostics);
  }
  if (has_errors(diagnostics)) return tl::make_unexpected(diagnostics);
  return scenario;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace meshproof
