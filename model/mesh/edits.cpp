#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "model/edit.h"
#include "model/mesh/metadata.h"
#include "model/mesh/sdn_master.h"
#include "model/mesh/simulation.h"
#include "model/mesh/watches.h"

namespace meshproof {
namespace {

using Refusals = std::vector<RefusedEdit>;

const WriteNote& user_note() {
  static const WriteNote kNote{"the change", "", 0, false, Step::Writer::User};
  return kNote;
}

Diagnostic not_found(const ObjectKey& key, const Place& place, std::string_view doing) {
  return {place,
          Severity::Error,
          "object-not-found",
          "there is no " + to_string(key) + " to " + std::string{doing},
          {},
          to_string(key)};
}

/// A kind that the mesh answers with writes that are not predicted.
struct UnpredictedKind {
  std::string_view group;
  std::string_view kind;
  std::string_view consequence;
};

constexpr std::array kUnpredicted = std::to_array<UnpredictedKind>({
    {"networking.istio.io", "Gateway",
     "what happens to the Routes that the mesh makes for Gateways"},
    {"maistra.io", "ServiceMeshExtension", "what the mesh makes of a ServiceMeshExtension"},
    {"federation.maistra.io", "ServiceMeshPeer", "what the mesh makes of a ServiceMeshPeer"},
});

void warn_of_unpredicted(World& world, const ObjectKey& key, const Place& place) {
  for (const UnpredictedKind& row : kUnpredicted) {
    if (row.group != key.group || row.kind != key.kind) continue;
    world.warn({place,
                Severity::Warning,
                "unsupported-change",
                std::string{row.consequence} + " is not predicted",
                {},
                to_string(key)});
  }
}

/// Whoever writes the cluster's Network shows that its kind is served.
void note_served_kind(World& world, const ObjectKey& key) {
  if (key.group == "config.openshift.io" && key.kind == "Network") {
    world.platform().absent_kinds.erase(key.kind);
  }
}

void write(World& world, Tree next, const Place& place, Refusals& refusals) {
  const ObjectKey key = key_of(next);
  warn_of_unpredicted(world, key, place);
  const Object* existing = world.objects().find(key);
  if (auto rejection = admit(world, existing, next)) {
    refusals.push_back({key, std::move(next), std::move(*rejection), place});
    return;
  }
  note_served_kind(world, key);
  if (existing == nullptr) {
    world.create(std::move(next), user_note());
  } else {
    world.update(std::move(next), user_note());
  }
}

/// Kinds are named in notes as in `kind not served: Network`.
void set_served(World& world, const std::string& kind, bool served) {
  // Either way the kind was not served when the operator started.
  if (kind == "NetworkAttachmentDefinition") world.platform().attachments_at_start = false;
  if (served) {
    world.platform().absent_kinds.erase(kind);
  } else {
    world.platform().absent_kinds.insert(kind);
  }
}

void restart_operator(World& world) {
  world.platform().attachments_at_start =
      !world.platform().is_absent("NetworkAttachmentDefinition");
  for (Request& request : requests_after_start(world)) world.queue().add(std::move(request));
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

void take_note(World& world, const std::string& text, const Place& place) {
  constexpr std::string_view kNotServed = "kind not served:";
  constexpr std::string_view kInstalled = "CRD installed:";
  const std::string_view note = trimmed(text);
  if (note == "SDN master stopped") {
    world.platform().sdn_runs = false;
  } else if (note == "SDN master started") {
    start_sdn_master(world);
  } else if (note == "operator restarted") {
    restart_operator(world);
  } else if (note.starts_with(kNotServed)) {
    set_served(world, std::string{trimmed(note.substr(kNotServed.size()))}, false);
  } else if (note.starts_with(kInstalled)) {
    set_served(world, std::string{trimmed(note.substr(kInstalled.size()))}, true);
  } else {
    world.warn({place,
                Severity::Warning,
                "unsupported-note",
                "the note \"" + text +
                    "\" is not understood and left out; known are \"SDN master stopped\", \"SDN "
                    "master started\", \"operator restarted\", \"kind not served: KIND\" and \"CRD "
                    "installed: KIND\"",
                {},
                ""});
  }
}

void remember_served_kind(World& world, const ObjectKey& key) {
  if (key.group == "config.openshift.io" && key.kind == "Network") {
    world.platform().serves_network_kind = true;
  }
}

/// One edit; its diagnostics say why it could not be made at all.
Diagnostics make_edit(World& world, const ChangeStep& step, Refusals& refusals) {
  if (const auto* apply = std::get_if<ApplyObject>(&step.edit)) {
    const Object* existing = world.objects().find(key_of(apply->object));
    write(world, applied_object(existing, apply->object), step.place, refusals);
  } else if (const auto* merge = std::get_if<MergeObject>(&step.edit)) {
    const Object* existing = world.objects().find(key_of(merge->object));
    write(world, merged_object(existing, merge->object), step.place, refusals);
  } else if (const auto* patch = std::get_if<PatchObject>(&step.edit)) {
    const ObjectKey key = patch->target.key();
    const Object* existing = world.objects().find(key);
    if (existing == nullptr) return {not_found(key, step.place, "patch")};
    write(world, merge_patch(*existing->tree, patch->merge), step.place, refusals);
  } else if (const auto* removal = std::get_if<DeleteObject>(&step.edit)) {
    const ObjectKey key = removal->target.key();
    if (world.objects().find(key) == nullptr) return {not_found(key, step.place, "delete")};
    remember_served_kind(world, key);
    warn_of_unpredicted(world, key, step.place);
    world.remove(key, user_note());
  } else {
    take_note(world, std::get<ChangeNote>(step.edit).text, step.place);
  }
  return {};
}

}  // namespace

Result<std::vector<RefusedEdit>> make_edits(World& world, const ChangePhase& phase) {
  Refusals refusals;
  Diagnostics problems;
  for (const ChangeStep& step : phase.steps) {
    auto found = make_edit(world, step, refusals);
    std::ranges::move(found, std::back_inserter(problems));
  }
  if (has_errors(problems)) return tl::unexpected(std::move(problems));
  return refusals;
}

}  // namespace meshproof
