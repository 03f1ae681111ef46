#include "scenarios/change.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/files.h"
#include "scenarios/kinds.h"
#include "scenarios/manifests.h"
#include "scenarios/object_list.h"
#include "scenarios/source_text.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::string_view kApiVersion = "meshproof.io/v1";

constexpr std::array<std::string_view, 5> kChangeFields{"apiVersion", "kind", "metadata",
                                                        "operatorVersion", "steps"};
constexpr std::array<std::string_view, 5> kStepFields{"apply", "delete", "note", "patch",
                                                      "rejected"};
constexpr std::array<std::string_view, 4> kReferenceFields{"apiVersion", "kind", "name",
                                                           "namespace"};
constexpr std::array<std::string_view, 5> kPatchFields{"apiVersion", "kind", "merge", "name",
                                                       "namespace"};

bool is_change(const Tree& tree) {
  return tree.string_at({"kind"}) == "Change" &&
         group_of(tree.string_at({"apiVersion"})) == group_of(kApiVersion);
}

class ChangeReader {
 public:
  ChangeReader(const ReadOptions& options, const Sources& sources, Diagnostics& found)
      : options_(&options), sources_(&sources), found_(&found) {}

  void add_phase(const Tree& document) {
    if (document.string_at({"apiVersion"}) != kApiVersion) {
      add_error(
          *found_, document.find("apiVersion")->place, "unknown-version",
          fmt::format("a Change is {}, not {}", kApiVersion, document.string_at({"apiVersion"})));
    }
    refuse_unknown_fields(document, kChangeFields, *found_);
    read_operator_version(document);
    ChangePhase& phase = change_.phases.emplace_back();
    const Tree* steps = document.find("steps");
    if (steps == nullptr || !steps->is(TreeKind::Sequence)) {
      return add_error(*found_, steps == nullptr ? document.place : steps->place,
                       steps == nullptr ? "missing-field" : "wrong-type",
                       "a Change needs steps, a list of apply, patch, delete or note");
    }
    for (const Tree& step : steps->items) {
      if (auto edit = read_step(step); edit) {
        phase.steps.push_back({std::move(*edit), step.place});
      }
    }
  }

  /// Plain manifests: all at once.
  void add_manifest(Tree object) {
    if (change_.phases.empty()) change_.phases.emplace_back();
    const Place place = object.place;
    change_.phases.back().steps.push_back({MergeObject{std::move(object)}, place});
  }

  [[nodiscard]] Change take() { return std::move(change_); }

 private:
  void read_operator_version(const Tree& document) {
    const Tree* version = document.find("operatorVersion");
    if (version == nullptr || version->is_null()) return;
    if (!version->is(TreeKind::String) && !version->is(TreeKind::Number)) {
      return add_error(*found_, version->place, "wrong-type",
                       "operatorVersion must be a version like \"2.5\"");
    }
    if (change_.operator_version.empty()) {
      change_.operator_version = version->text;
      change_.operator_version_place = version->place;
    }
    if (change_.operator_version == version->text) return;
    add_error(*found_, version->place, "operator-version-conflict",
              fmt::format("operatorVersion is {} here and {} in a phase before: one change is made "
                          "under one operator",
                          version->text, change_.operator_version));
  }

  std::optional<Edit> read_step(const Tree& step) {
    constexpr std::string_view kWanted = "a step is one of apply, patch, delete and note";
    if (!step.is(TreeKind::Mapping)) {
      add_error(*found_, step.place, "wrong-type",
                fmt::format("{}, not {}", kWanted, describe(step)));
      return std::nullopt;
    }
    refuse_unknown_fields(step, kStepFields, *found_);
    const auto edits = std::ranges::count_if(step.fields, [](const TreeField& entry) {
      return entry.key != "rejected" &&
             std::ranges::find(kStepFields, entry.key) != kStepFields.end();
    });
    if (edits != 1) {
      add_error(*found_, step.place, "bad-step", fmt::format("{}; this has {}", kWanted, edits));
      return std::nullopt;
    }
    if (const Tree* object = step.find("apply"); object != nullptr) return read_apply(*object);
    if (const Tree* patch = step.find("patch"); patch != nullptr) return read_patch(*patch);
    if (const Tree* target = step.find("delete"); target != nullptr) return read_delete(*target);
    return read_note(*step.find("note"));
  }

  std::optional<Edit> read_apply(const Tree& object) {
    if (!is_mapping(object, "apply")) return std::nullopt;
    const std::string api_version = required_string(object, "apiVersion", *found_);
    const std::string kind = required_string(object, "kind", *found_);
    if (api_version.empty() || kind.empty()) return std::nullopt;
    auto normal = normalise(object);
    if (!normal) return std::nullopt;
    return ApplyObject{std::move(*normal)};
  }

  std::optional<Edit> read_patch(const Tree& patch) {
    if (!is_mapping(patch, "patch")) return std::nullopt;
    refuse_unknown_fields(patch, kPatchFields, *found_);
    auto target = read_reference(patch);
    const Tree* merge = patch.find("merge");
    if (merge == nullptr || !merge->is(TreeKind::Mapping)) {
      add_error(*found_, merge == nullptr ? patch.place : merge->place,
                merge == nullptr ? "missing-field" : "wrong-type",
                "a patch needs merge, the mapping that is merged into the object");
      return std::nullopt;
    }
    if (!target) return std::nullopt;
    return PatchObject{std::move(*target), *merge};
  }

  std::optional<Edit> read_delete(const Tree& tree) {
    if (!is_mapping(tree, "delete")) return std::nullopt;
    refuse_unknown_fields(tree, kReferenceFields, *found_);
    auto target = read_reference(tree);
    if (!target) return std::nullopt;
    return DeleteObject{std::move(*target)};
  }

  std::optional<Edit> read_note(const Tree& note) {
    if (!note.is(TreeKind::String)) {
      add_error(*found_, note.place, "wrong-type",
                fmt::format("note must be a string, not {}", describe(note)));
      return std::nullopt;
    }
    return ChangeNote{note.text};
  }

  bool is_mapping(const Tree& tree, std::string_view verb) {
    if (tree.is(TreeKind::Mapping)) return true;
    add_error(*found_, tree.place, "wrong-type",
              fmt::format("{} must be a mapping, not {}", verb, describe(tree)));
    return false;
  }

  /// The object that a patch or delete names: checked like an object of that name.
  std::optional<ObjectReference> read_reference(const Tree& tree) {
    const std::string kind = required_string(tree, "kind", *found_);
    const std::string name = required_string(tree, "name", *found_);
    const auto given = string_field(tree, "apiVersion", *found_);
    const std::string api_version{given ? *given : default_api_version(kind)};
    if (kind.empty() || name.empty()) return std::nullopt;
    if (api_version.empty()) {
      add_error(*found_, tree.find("kind")->place, "missing-api-version",
                fmt::format("the kind {} is not known: name its apiVersion", kind));
      return std::nullopt;
    }
    Tree metadata = Tree::mapping({{"name", *tree.find("name")}});
    if (const Tree* ns = tree.find("namespace"); ns != nullptr) metadata.set("namespace", *ns);
    // A uid keeps a kind whose scope nobody knows without a namespace.
    if (scope_of(group_of(api_version), kind) == Scope::Unknown) metadata.set("uid", Tree::null());
    metadata.place = tree.place;
    Tree stub = Tree::mapping({{"apiVersion", Tree::string(api_version)},
                               {"kind", *tree.find("kind")},
                               {"metadata", std::move(metadata)}});
    stub.place = tree.place;
    const auto normal = normalise(std::move(stub));
    if (!normal) return std::nullopt;
    ObjectKey key = key_of(*normal);
    return ObjectReference{std::move(key.group), std::move(key.kind), std::move(key.ns),
                           std::move(key.name), true};
  }

  std::optional<Tree> normalise(Tree object) {
    Manifests one;
    one.objects.push_back(std::move(object));
    std::vector<Tree> normal = check_objects(one, *options_, *sources_, *found_);
    if (normal.empty()) return std::nullopt;
    return std::move(normal.front());
  }

  const ReadOptions* options_;
  const Sources* sources_;
  Diagnostics* found_;
  Change change_;
};

}  // namespace

Result<Change> read_change(const std::string& path, const ReadOptions& options, Sources& sources,
                           Diagnostics& warnings) {
  Diagnostics found;
  Manifests manifests;
  for (const InputFile& file : find_files({path}, found)) {
    if (const auto source = load_file(file, sources, found); source) {
      add_manifests(*source, manifests, found);
    }
  }
  ChangeReader reader{options, sources, found};
  const bool has_phases = std::ranges::any_of(manifests.objects, is_change);
  if (has_phases) {
    for (const Tree& document : manifests.objects) {
      if (is_change(document)) {
        reader.add_phase(document);
      } else {
        add_error(found, document.place, "mixed-change",
                  "a manifest between documents of the kind Change: write it as a step, apply");
      }
    }
  } else {
    for (Tree& object : check_objects(manifests, options, sources, found)) {
      reader.add_manifest(std::move(object));
    }
  }
  Diagnostics errors = split_errors(std::move(found), warnings);
  if (!errors.empty()) return Result<Change>{tl::unexpect, std::move(errors)};
  return reader.take();
}

}  // namespace meshproof
