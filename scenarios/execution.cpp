#include "scenarios/execution.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/object_list.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::array kWriters{Step::Writer::User, Step::Writer::Operator, Step::Writer::SdnMaster,
                              Step::Writer::Others};

/// Reads the fields of one document; everything that is wrong is told.
class ExecutionReader {
 public:
  explicit ExecutionReader(Diagnostics& found) : found_(&found) {}

  Execution read(const Tree& tree) {
    Execution execution;
    execution.program = text(tree, "program");
    execution.digest = text(tree, "digest");
    if (const Tree* cluster = field(tree, "cluster", TreeKind::Mapping)) {
      execution.cluster = {text(*cluster, "name"), text(*cluster, "clusterId"),
                           text(*cluster, "kubeSystemUid")};
    }
    execution.server = text(tree, "server");
    execution.time = text(tree, "time");
    execution.operator_release = text(tree, "operatorRelease");
    for (const Tree& each : items(tree, "inputs")) {
      execution.inputs.push_back({text(each, "name"), text(each, "sha256")});
    }
    execution.order = text(tree, "order");
    execution.objections = texts(tree, "objections");
    execution.stages = stages(tree, "stages");
    execution.rollback = stages(tree, "rollback");
    execution.basis_kinds = texts(tree, "basisKinds");
    for (const Tree& each : items(tree, "basis")) {
      execution.basis.push_back(
          {{text(each, "group"), text(each, "kind"), text(each, "namespace"), text(each, "name")},
           text(each, "uid"),
           text(each, "resourceVersion"),
           text(each, "sha256")});
    }
    return execution;
  }

 private:
  const Tree* field(const Tree& tree, std::string_view key, TreeKind kind) {
    const Tree* value = tree.find(key);
    if (value == nullptr) {
      add_error(*found_, tree.place, "missing-field", fmt::format("{} is missing", key));
      return nullptr;
    }
    if (value->is(kind)) return value;
    add_error(*found_, value->place, "wrong-type",
              fmt::format("{} is {}, which meshproof does not write", key, describe(*value)));
    return nullptr;
  }

  std::string text(const Tree& tree, std::string_view key) {
    const Tree* value = field(tree, key, TreeKind::String);
    return value == nullptr ? std::string{} : value->text;
  }

  const std::vector<Tree>& items(const Tree& tree, std::string_view key) {
    static const std::vector<Tree> kNone;
    const Tree* value = field(tree, key, TreeKind::Sequence);
    return value == nullptr ? kNone : value->items;
  }

  std::vector<std::string> texts(const Tree& tree, std::string_view key) {
    std::vector<std::string> result;
    for (const Tree& item : items(tree, key)) {
      if (item.is(TreeKind::String)) {
        result.push_back(item.text);
      } else {
        add_error(*found_, item.place, "wrong-type",
                  fmt::format("{} are strings, not {}", key, describe(item)));
      }
    }
    return result;
  }

  std::optional<Tree> object(const Tree& tree, std::string_view key) {
    const Tree* value = tree.find(key);
    if (value != nullptr && value->is_null()) return std::nullopt;
    value = field(tree, key, TreeKind::Mapping);
    return value == nullptr ? std::nullopt : std::optional<Tree>(*value);
  }

  PlannedWrite write(const Tree& tree) {
    PlannedWrite write;
    const std::string by = text(tree, "by");
    const auto* writer = std::ranges::find(kWriters, std::string_view(by),
                                           [](Step::Writer each) { return to_string(each); });
    if (writer != kWriters.end()) {
      write.writer = *writer;
    } else {
      add_error(*found_, tree.place, "bad-word", fmt::format("nobody is called '{}'", by));
    }
    write.api_version = text(tree, "apiVersion");
    write.key = {std::string(group_of(write.api_version)), text(tree, "kind"),
                 text(tree, "namespace"), text(tree, "name")};
    write.project = text(tree, "project");
    write.reason = text(tree, "reason");
    write.before = object(tree, "before");
    write.after = object(tree, "after");
    if (!write.before && !write.after) {
      add_error(*found_, tree.place, "missing-field", "a write has an object before or after it");
    }
    return write;
  }

  std::vector<ExecutionStage> stages(const Tree& tree, std::string_view key) {
    std::vector<ExecutionStage> result;
    for (const Tree& each : items(tree, key)) {
      ExecutionStage stage;
      for (const Tree& item : items(each, "writes")) stage.writes.push_back(write(item));
      for (const Tree& member : items(each, "members")) {
        const Tree* configured = field(member, "configured", TreeKind::Boolean);
        stage.members.push_back({text(member, "mesh"), text(member, "namespace"),
                                 configured != nullptr && configured->text == "true"});
      }
      const Tree* delay = field(each, "delaySeconds", TreeKind::Number);
      const auto seconds = delay == nullptr ? std::nullopt : delay->as_integer();
      constexpr std::int64_t kLongest = 86400;
      if (seconds && *seconds >= 0 && *seconds <= kLongest) {
        stage.delay_seconds = static_cast<unsigned>(*seconds);
      } else if (delay != nullptr) {
        add_error(*found_, delay->place, "wrong-type", "delaySeconds is a number of seconds");
      }
      result.push_back(std::move(stage));
    }
    return result;
  }

  Diagnostics* found_;
};

Diagnostics not_a_plan(const std::string& path) {
  return {{{},
           Severity::Error,
           "not-a-plan",
           "this is no file that `meshproof plan --out` wrote",
           {},
           path}};
}

}  // namespace

Result<Execution> read_execution(const std::string& path,
                                 const std::function<std::string(std::string_view)>& digest,
                                 Sources& sources) {
  Diagnostics found;
  const std::vector<Tree> documents = load_documents({path}, sources, found);
  if (has_errors(found)) return tl::make_unexpected(std::move(found));
  const Tree* part = documents.size() == 1 ? documents.front().find("execution") : nullptr;
  if (part == nullptr || !part->is(TreeKind::Mapping)) {
    return tl::make_unexpected(not_a_plan(path));
  }
  const Tree& plan = documents.front();
  if (plan.integer_at({"version"}) != 1) {
    const Tree* version = plan.find("version");
    add_error(found, version == nullptr ? plan.place : version->place, "plan-version",
              "this program carries out plans of version 1");
    return tl::make_unexpected(std::move(found));
  }
  Execution execution = ExecutionReader(found).read(*part);
  if (has_errors(found)) return tl::make_unexpected(std::move(found));
  if (digest(canonical_text(execution)) != execution.digest) {
    add_error(found, part->find("digest")->place, "plan-edited",
              "the digest is not that of the plan: it was edited since it was proved; make a new "
              "one");
    return tl::make_unexpected(std::move(found));
  }
  return execution;
}

}  // namespace meshproof
