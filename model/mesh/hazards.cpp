#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "model/hazard.h"
#include "model/mesh/attachment.h"
#include "model/mesh/copies.h"
#include "model/mesh/course.h"
#include "model/mesh/failure_rows.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/network_join.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

using Words = std::set<std::string>;

/// The change, played on the part of the cluster that can matter to one project.
struct Stage {
  ObjectStore objects;
  const Change& change;
  const FoundOperator& found;
  Platform platform;
  Passage passage;

  [[nodiscard]] World world() const {
    Platform as_found = platform;
    as_found.release = found.release;
    return World{objects, *found.version, std::move(as_found)};
  }
  /// What happens first, and then the change.
  [[nodiscard]] Result<Course> play_after(std::vector<ChangePhase> first) const {
    Change whole = change;
    whole.phases.insert(whole.phases.begin(), first.begin(), first.end());
    return play(objects, whole, found, platform);
  }
};

std::set<std::string> mentioned_namespaces(const Change& change) {
  std::set<std::string> names;
  const auto add = [&](const ObjectKey& key) {
    names.insert(key.kind == "Namespace" ? key.name : key.ns);
  };
  for (const ChangePhase& phase : change.phases) {
    for (const ChangeStep& step : phase.steps) {
      if (const auto* apply = std::get_if<ApplyObject>(&step.edit)) add(key_of(apply->object));
      if (const auto* merge = std::get_if<MergeObject>(&step.edit)) add(key_of(merge->object));
      if (const auto* patch = std::get_if<PatchObject>(&step.edit)) add(patch->target.key());
      if (const auto* removal = std::get_if<DeleteObject>(&step.edit)) add(removal->target.key());
    }
  }
  return names;
}

/// The part of a cluster that can matter to one project: the operator asks for no other project's
/// objects when it works on one.
class Parts {
 public:
  /// Goes through the objects once, for all the projects.
  Parts(const ObjectStore& objects, const std::set<std::string>& shared,
        const std::set<std::string>& projects) {
    for (const Object& object : objects) {
      const bool project = object.key.kind == "Namespace" || object.key.kind == "Project";
      const std::string& ns = project ? object.key.name : object.key.ns;
      if (object.key.kind == "Pod") continue;
      if (ns.empty() || shared.contains(ns)) {
        shared_.push_back(object);
      } else if (projects.contains(ns)) {
        own_[ns].push_back(object);
      }
    }
  }

  [[nodiscard]] ObjectStore of(const std::string& ns) const {
    std::vector<Object> part = shared_;
    if (const auto own = own_.find(ns); own != own_.end()) {
      part.insert(part.end(), own->second.begin(), own->second.end());
    }
    return ObjectStore{std::move(part)};
  }

 private:
  std::vector<Object> shared_;
  std::map<std::string, std::vector<Object>> own_;
};

bool is_configured(const World& world, const Passage& passage) {
  const Object* roll = world.find("ServiceMeshMemberRoll", passage.plane.ns, "default");
  if (roll == nullptr) return false;
  const auto configured = strings_at(*roll->tree, {"status", "configuredMembers"});
  return std::ranges::find(configured, passage.ns) != configured.end();
}

constexpr const char* kPendingRequest = "a pending request to the SDN master";

/// What of the mesh a project has.
Words trace_of(const World& world, const Passage& passage) {
  Words words;
  for (const auto kind : {std::string_view{"NetworkPolicy"}, std::string_view{"RoleBinding"}}) {
    for (const Object* object : world.objects().of_kind(kind, passage.ns)) {
      if (object->label(kMemberOfLabel) == passage.plane.ns) {
        words.insert(std::string{kind} + ' ' + object->key.name);
      }
    }
  }
  for (const auto& [name, key] : attachments_of(world, passage.ns, passage.plane.ns)) {
    words.insert(std::string{kAttachment} + ' ' + name);
  }
  const Object* project = world.find("Namespace", "", passage.ns);
  if (project != nullptr && project->has_label(kMemberOfLabel)) {
    words.insert("the label member-of=" + std::string{project->label(kMemberOfLabel)});
  }
  const Object* own = world.find("NetNamespace", "", passage.ns);
  const Object* target = world.find("NetNamespace", "", passage.plane.ns);
  if (passage.strategy == Strategy::Multitenant && own != nullptr && target != nullptr) {
    if (netid_of(*own) == netid_of(*target)) words.insert("the mesh's network");
    if (has_annotation(*own, kChangeNetwork)) words.insert(kPendingRequest);
  }
  if (world.find("ServiceMeshMember", passage.ns, "default") != nullptr) {
    words.insert("a ServiceMeshMember");
  }
  if (is_configured(world, passage)) words.insert("a place among the configured members");
  return words;
}

/// What of the mesh a member has that lacks nothing.
Words whole_trace(const World& world, const Passage& passage) {
  Words words{"a place among the configured members", "the label member-of=" + passage.plane.ns};
  if (!world.version().roll_configures_members) words.insert("a ServiceMeshMember");
  const auto add = [&](std::string_view kind, const WantedCopies& wanted) {
    for (const Object& source : wanted.sources) {
      words.insert(std::string{kind} + ' ' + source.key.name);
    }
  };
  // The failure may have been that the operator did not know the network.
  const Strategy strategy = find_strategy(world).strategy;
  if (strategy == Strategy::NetworkPolicy) {
    add("NetworkPolicy", wanted_policies(world, passage.plane.ns));
  }
  add("RoleBinding", wanted_bindings(world, passage.plane));
  if (makes_attachments(world)) {
    words.insert(std::string{kAttachment} + ' ' +
                 std::string{passage.plane.version->network_attachment});
  }
  if (strategy == Strategy::Multitenant) words.insert("the mesh's network");
  return words;
}

std::vector<std::string> difference(const Words& a, const Words& b) {
  std::vector<std::string> words;
  std::ranges::set_difference(a, b, std::back_inserter(words));
  return words;
}

/// Whether a project has arrived where it was on its way to.
using Arrived = std::function<bool(const World&)>;

ChangePhase touched(std::string kind, std::string ns, std::string name) {
  Tree annotations = Tree::mapping({{"meshproof.io/touched", Tree::string("yes")}});
  Tree merge =
      Tree::mapping({{"metadata", Tree::mapping({{"annotations", std::move(annotations)}})}});
  return {
      {{PatchObject{{"", std::move(kind), std::move(ns), std::move(name), false}, std::move(merge)},
        {}}}};
}

/// Tries what heals, from little to much.
Healing healing_of(const Course& failed, const std::vector<ChangePhase>& cure,
                   const Passage& passage, const Arrived& arrived) {
  const auto arrives = [&](const Result<Course>& course) {
    return course.has_value() && arrived(course->world);
  };
  if (arrives(go_on(failed, {{}}))) return Healing::ByItself;
  const Result<Course> cured = go_on(failed, cure);
  if (!cured) return Healing::Never;
  if (arrives(cured)) return Healing::WhenCured;
  const std::pair<Healing, ChangePhase> more[] = {
      {Healing::WhenTouched, touched("Namespace", "", passage.ns)},
      {Healing::WithControlPlane,
       touched("ServiceMeshControlPlane", passage.plane.ns, passage.plane.name)},
      {Healing::AtRestart, {{{ChangeNote{"operator restarted"}, {}}}}}};
  for (const auto& [healing, phase] : more) {
    if (arrives(go_on(*cured, {phase}))) return healing;
  }
  return Healing::Never;
}

std::string filled_in(std::string_view pattern, const Passage& passage) {
  std::string text{pattern};
  for (const auto& [name, value] :
       {std::pair{"{ns}", &passage.ns}, std::pair{"{mesh}", &passage.plane.ns}}) {
    const std::string_view key{name};
    for (auto at = text.find(key); at != std::string::npos;
         at = text.find(key, at + value->size())) {
      text.replace(at, key.size(), *value);
    }
  }
  return text;
}

Hazard hazard_of(const FailureRow& row, const Passage& passage) {
  Hazard hazard;
  hazard.code = row.code;
  hazard.joining = passage.joining;
  hazard.mesh = passage.plane.ns;
  hazard.ns = passage.ns;
  hazard.cause = filled_in(row.cause, passage);
  hazard.cure = filled_in(row.cure, passage);
  return hazard;
}

/// What could happen meanwhile to a project that arrives if nothing does.
void add_possible(const Stage& stage, std::vector<Hazard>& hazards) {
  const Passage& passage = stage.passage;
  const World before = stage.world();
  const auto normal = stage.play_after({});
  if (!normal) return;
  const Words usual = trace_of(normal->world, passage);
  const Arrived arrived = [&](const World& world) { return trace_of(world, passage) == usual; };
  for (const FailureRow& row : failure_rows()) {
    if (!row.can_hit(before, passage)) continue;
    const auto failed = stage.play_after(row.happen(before, passage));
    if (!failed || arrived(failed->world)) continue;
    Hazard hazard = hazard_of(row, passage);
    const Words trace = trace_of(failed->world, passage);
    hazard.left = passage.joining ? difference(trace, {}) : difference(trace, usual);
    if (passage.joining) hazard.lacks = difference(usual, trace);
    hazard.healing = healing_of(*failed, row.end(before, failed->world, passage), passage, arrived);
    hazards.push_back(std::move(hazard));
  }
}

const FailureRow* row_of(const Outcome& outcome, const World& after) {
  const bool refused = outcome.status == Outcome::Status::Rejected;
  const bool missing = !refused && !after.find_namespace(outcome.ns);
  for (const FailureRow& row : failure_rows()) {
    if (missing && row.code == "missing-project") return &row;
    if (missing || row.of_admission != refused || row.marker.empty()) continue;
    if (outcome.reason.find(row.marker) != std::string::npos) return &row;
  }
  return nullptr;
}

/// What the input, or the change itself, makes fail.
Hazard hit_of(const Stage& stage, const Outcome& outcome) {
  const Passage& passage = stage.passage;
  Hazard hazard = hazard_of({}, passage);
  hazard.code = "failure";
  hazard.hits = true;
  hazard.cause = outcome.reason;
  hazard.cure = "the operator's error tells what has to go";
  const World before = stage.world();
  const auto failed = stage.play_after({});
  if (!failed) return hazard;
  const FailureRow* row = row_of(outcome, failed->world);
  if (row != nullptr) {
    const Hazard known = hazard_of(*row, passage);
    hazard.code = known.code;
    hazard.cure = known.cure;
    hazard.cause = known.cause + (outcome.reason.empty() ? "" : " (" + outcome.reason + ')');
  }
  const Words trace = trace_of(failed->world, passage);
  hazard.left.assign(trace.begin(), trace.end());
  if (passage.joining) hazard.lacks = difference(whole_trace(failed->world, passage), trace);
  const auto cure =
      row == nullptr ? std::vector<ChangePhase>{} : row->end(before, failed->world, passage);
  hazard.healing = healing_of(*failed, cure, passage, [&](const World& world) {
    const Words now = trace_of(world, passage);
    // More than that is what an older operator has left.
    return passage.joining ? std::ranges::includes(now, whole_trace(world, passage)) &&
                                 !now.contains(kPendingRequest)
                           : now.empty();
  });
  return hazard;
}

bool is_failure(const Outcome& outcome) {
  using Status = Outcome::Status;
  return outcome.status == Status::Failed || outcome.status == Status::Pending ||
         outcome.status == Status::Rejected ||
         (outcome.status == Status::Removed && outcome.reason.find(';') != std::string::npos);
}

bool is_leaving(const Prediction& prediction, const Outcome& outcome) {
  if (outcome.status == Outcome::Status::Removed) return true;
  const Object* member = prediction.after.find("ServiceMeshMember", outcome.ns, "default");
  return member != nullptr && member->is_terminating();
}

/// A control plane's project, or a name, for what another mesh would do.
std::string other_mesh_in(const ObjectStore& objects, const std::string& mesh) {
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    if (plane->key.ns != mesh) return plane->key.ns;
  }
  return "another-mesh";
}

/// The parts of a cluster for all projects that a prediction speaks of. What the change itself
/// names is shared, as long as it names few: an edit of a roll names its mesh.
Parts parts_for(const Prediction& prediction, const Change& change) {
  auto shared = mentioned_namespaces(change);
  for (const auto kind : {"ServiceMeshControlPlane", "ServiceMeshMemberRoll"}) {
    for (const Object* object : prediction.before.of_kind(kind)) shared.insert(object->key.ns);
  }
  std::set<std::string> projects;
  for (const Outcome& outcome : prediction.outcomes) projects.insert(outcome.ns);
  return Parts{prediction.before, shared, projects};
}

Stage stage_of(const Prediction& prediction, const Parts& parts, const Outcome& outcome,
               const Change& change, const FoundOperator& found, const Platform& platform) {
  Stage stage{parts.of(outcome.ns), change, found, platform, {}};
  const auto planes = stage.objects.of_kind("ServiceMeshControlPlane", outcome.mesh);
  stage.passage = {outcome.ns, read_control_plane(*planes.front(), *found.version),
                   !is_leaving(prediction, outcome), find_strategy(stage.world()).strategy,
                   other_mesh_in(prediction.before, outcome.mesh)};
  return stage;
}

}  // namespace

std::string_view to_string(Healing healing) {
  switch (healing) {
    case Healing::ByItself:
      return "by-itself";
    case Healing::WhenCured:
      return "when-cured";
    case Healing::WhenTouched:
      return "when-touched";
    case Healing::WithControlPlane:
      return "with-control-plane";
    case Healing::AtRestart:
      return "at-restart";
    case Healing::Never:
      return "never";
  }
  return "";
}

std::vector<Hazard> find_hazards(const Prediction& prediction, const Change& change,
                                 const PredictOptions& options) {
  const auto found = find_operator(prediction.before, prediction.operator_release);
  if (!found) return {};
  const Platform platform = find_platform(prediction.before, options);
  const Parts parts = parts_for(prediction, change);
  std::vector<Hazard> hits;
  std::vector<Hazard> possible;
  std::set<std::pair<std::string, bool>> directions;
  for (const Outcome& outcome : prediction.outcomes) {
    const bool fails = is_failure(outcome);
    const bool moves =
        outcome.status == Outcome::Status::Configured || outcome.status == Outcome::Status::Removed;
    if (prediction.before.of_kind("ServiceMeshControlPlane", outcome.mesh).empty()) continue;
    const bool first =
        moves && directions.emplace(outcome.mesh, is_leaving(prediction, outcome)).second;
    if (!fails && !first) continue;
    const Stage stage = stage_of(prediction, parts, outcome, change, *found, platform);
    if (fails) {
      hits.push_back(hit_of(stage, outcome));
    } else {
      add_possible(stage, possible);
    }
  }
  hits.insert(hits.end(), possible.begin(), possible.end());
  return hits;
}

}  // namespace meshproof
