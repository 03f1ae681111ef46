#include "model/effects.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "model/merge_difference.h"
#include "model/mesh/mesh.h"
#include "model/mesh/mesh_comparison.h"
#include "model/mesh/metadata.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

bool is_leaving(const Tree& live) {
  const Tree* stamp = live.find_path({"metadata", "deletionTimestamp"});
  return stamp != nullptr && !stamp->is_null();
}

/// Nothing of what `patch` sets is different in `object`.
bool changes_nothing(const Tree& object, const Tree& patch) {
  return merge_patch(object, patch) == object;
}

/// A selector of somebody else's may only add to ours, and yet select less.
bool decides_the_same(const Tree& planned, const Tree& live) {
  return deciding_part(compared_part(planned)) == deciding_part(compared_part(live));
}

/// Labels and annotations that one of them lacks are compared key by key all the same.
Tree comparable(const Tree& object) {
  Tree content = content_of(object);
  Tree& metadata = content.mapping_at("metadata");
  metadata.mapping_at("labels");
  metadata.mapping_at("annotations");
  return content;
}

/// Whoever labels an object does not mean to keep it.
Tree bare_content(const Tree& object) {
  Tree content = content_of(object);
  content.erase("metadata");
  return content;
}

WritePosition position_of_update(const PlannedWrite& write, const Tree& live) {
  const Tree before = comparable(*write.before);
  const Tree after = comparable(*write.after);
  const Tree now = comparable(live);
  if (changes_nothing(now, merge_difference(before, after))) return WritePosition::After;
  if (is_leaving(live)) return WritePosition::Other;
  return changes_nothing(now, merge_difference(after, before)) ? WritePosition::Before
                                                               : WritePosition::Other;
}

const Tree* find(const LiveObjects& live, const ObjectKey& key) {
  const auto found = live.find(key);
  return found == live.end() ? nullptr : &found->second;
}

ObjectKey net_namespace(std::string_view ns) {
  return {"network.openshift.io", "NetNamespace", "", std::string(ns)};
}

std::optional<std::string> missing(const ObjectEffect& effect, const LiveObjects& live) {
  const Tree* now = find(live, effect.key);
  if (!effect.after) {
    if (now == nullptr) return std::nullopt;
    return is_leaving(*now) ? "is still being deleted" : "is still there";
  }
  if (now == nullptr) return "is not there";
  if (effect.before) {
    const PlannedWrite write{Step::Writer::Operator,
                             effect.key,
                             effect.api_version,
                             effect.before,
                             effect.after,
                             {},
                             {}};
    if (position_of(write, now) == WritePosition::After) return std::nullopt;
    return "is not as it should be";
  }
  if (is_leaving(*now)) return "is being deleted";
  if (decides_the_same(*effect.after, *now)) return std::nullopt;
  return "has another content";
}

std::optional<std::string> missing(const NetworkEffect& effect, const LiveObjects& live) {
  const Tree* own = find(live, net_namespace(effect.ns));
  if (own == nullptr) return "has no NetNamespace";
  if (own->find_path({"metadata", "annotations", kChangeNetwork}) != nullptr) {
    return "the SDN master has not answered yet";
  }
  const auto id = own->integer_at({"netid"});
  if (effect.request == "global") {
    return id == 0 ? std::nullopt : std::optional<std::string>("its NetID is not 0");
  }
  if (effect.request.starts_with("join:")) {
    const Tree* target = find(live, net_namespace(std::string_view(effect.request).substr(5)));
    if (target == nullptr) return "what it joins has no NetNamespace";
    if (id && id == target->integer_at({"netid"})) return std::nullopt;
    return "its NetID is not that of the mesh";
  }
  for (const auto& [key, object] : live) {
    if (key.kind != "NetNamespace" || key.name == effect.ns) continue;
    if (object.integer_at({"netid"}) == id) return "its NetID is still that of " + key.name;
  }
  return id == 0 ? std::optional<std::string>("its NetID is 0") : std::nullopt;
}

std::optional<std::string> missing(const MemberEffect& effect, const LiveObjects& live) {
  bool is_listed = false;
  for (const auto& [key, object] : live) {
    if (key.kind != "ServiceMeshMemberRoll" || key.ns != effect.mesh) continue;
    const auto names = strings_at(object, {"status", "configuredMembers"});
    is_listed = is_listed || std::ranges::find(names, effect.ns) != names.end();
  }
  if (is_listed == effect.configured) return std::nullopt;
  return is_listed ? "the roll still lists it as configured"
                   : "the roll does not list it as configured";
}

struct Words {
  std::string operator()(const ObjectEffect& effect) const { return to_string(effect.key); }
  std::string operator()(const NetworkEffect& effect) const {
    return "network of " + effect.ns + " (" + effect.request + ")";
  }
  std::string operator()(const MemberEffect& effect) const {
    return "member " + effect.ns + " of " + effect.mesh;
  }
};

}  // namespace

WritePosition position_of(const PlannedWrite& write, const Tree* live) {
  if (!write.after) {
    if (live == nullptr || is_leaving(*live)) return WritePosition::After;
    return bare_content(*live) == bare_content(*write.before) ? WritePosition::Before
                                                              : WritePosition::Other;
  }
  if (write.before) {
    return live == nullptr ? WritePosition::Other : position_of_update(write, *live);
  }
  if (live == nullptr) return WritePosition::Before;
  if (is_leaving(*live)) return WritePosition::Leaving;
  const bool is_made = decides_the_same(*write.after, *live) &&
                       changes_nothing(content_of(*live), content_of(*write.after));
  return is_made ? WritePosition::After : WritePosition::Other;
}

namespace {

/// Effects of writes, gathered object by object.
class EffectList {
 public:
  void add(const PlannedWrite& write) {
    if (write.key.kind == "NetNamespace") return add_request(write);
    const auto [at, is_first] = objects_.try_emplace(
        write.key, ObjectEffect{write.key, write.api_version, write.before, write.after});
    if (!is_first) at->second.after = write.after;
  }
  /// Only if others write the object, too.
  void add_own(const PlannedWrite& write) {
    if (!write.after || objects_.contains(write.key)) return add(write);
    if (write.key.kind == "NetNamespace") add_request(write);
  }
  void add(const MemberEffect& member) {
    members_.insert_or_assign({member.mesh, member.ns}, member.configured);
  }
  [[nodiscard]] std::vector<Effect> take() {
    std::vector<Effect> effects;
    for (auto& [key, effect] : objects_) effects.emplace_back(std::move(effect));
    for (auto& [ns, request] : requests_) effects.emplace_back(NetworkEffect{ns, request});
    for (const auto& [member, configured] : members_) {
      effects.emplace_back(MemberEffect{member.first, member.second, configured});
    }
    return effects;
  }

 private:
  void add_request(const PlannedWrite& write) {
    if (!write.after) return;
    const auto request = write.after->string_at({"metadata", "annotations", kChangeNetwork});
    if (!request.empty()) requests_.insert_or_assign(write.key.name, std::string(request));
  }

  std::map<ObjectKey, ObjectEffect> objects_;
  std::map<std::string, std::string> requests_;
  std::map<std::pair<std::string, std::string>, bool> members_;
};

void add_members(EffectList& effects, const ExecutionStage& stage, Via via) {
  if (via == Via::Objects) return;  // without the operator nobody writes the roll's status
  for (const MemberEffect& member : stage.members) effects.add(member);
}

}  // namespace

std::vector<Effect> effects_of(const ExecutionStage& stage, Via via) {
  EffectList effects;
  for (const PlannedWrite& write : stage.writes) {
    if (is_ours(write, via)) {
      effects.add_own(write);
    } else {
      effects.add(write);
    }
  }
  add_members(effects, stage, via);
  return effects.take();
}

std::vector<Effect> effects_of(const std::vector<ExecutionStage>& stages, Via via) {
  EffectList effects;
  for (const ExecutionStage& stage : stages) {
    for (const PlannedWrite& write : stage.writes) effects.add(write);
    add_members(effects, stage, via);
  }
  return effects.take();
}

std::optional<std::string> missing_of(const Effect& effect, const LiveObjects& live) {
  return std::visit([&](const auto& each) { return missing(each, live); }, effect);
}

std::string to_string(const Effect& effect) { return std::visit(Words{}, effect); }

}  // namespace meshproof
