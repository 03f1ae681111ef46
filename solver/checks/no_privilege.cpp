#include "solver/checks/no_privilege.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/mesh/redirection.h"
#include "model/project/owners.h"
#include "solver/checks/lacking.h"
#include "solver/checks/object_witness.h"

namespace meshproof {
namespace {

constexpr std::string_view kNotLookedAt =
    "what a runtime gives every container, and what admission and SecurityContextConstraints take "
    "away, is not looked at";

/// What of a pod's object is read.
constexpr std::array kSpecFields{Outline::Field{"initContainers"}, Outline::Field{"containers"},
                                 Outline::Field{"ephemeralContainers"}};
constexpr Outline kSpec{kSpecFields};
constexpr std::array kPodFields{Outline::Field{"spec", &kSpec}};
constexpr Outline kPod{kPodFields};

/// The object that shows what a pod may, and its spec; null where the input has none.
struct PodSpec {
  ObjectKey key;
  std::shared_ptr<const Tree> whole;
  const Tree* spec = nullptr;
};

PodSpec spec_of(const Pod& pod, const Snapshot& snapshot) {
  const std::string& ns = snapshot.cluster.at(pod.ns).name;
  const std::size_t slash = pod.stand_in ? pod.name.find('/') : std::string::npos;
  const bool has_template = slash != std::string::npos;
  const Object* object = has_template
                             ? snapshot.objects.find(pod.name.substr(0, slash), ns,
                                                     std::string_view(pod.name).substr(slash + 1))
                             : snapshot.objects.find("Pod", ns, pod.name);
  if (object == nullptr) return {};
  PodSpec found{object->key, object->tree.read(has_template ? nullptr : &kPod), nullptr};
  const Tree* pod_tree =
      has_template ? pod_template(object->key.kind, *found.whole) : found.whole.get();
  if (pod_tree != nullptr) found.spec = pod_tree->find("spec");
  return found;
}

class Privileges {
 public:
  Privileges(const Snapshot& snapshot, const Assertion& assertion)
      : snapshot_(snapshot), assertion_(assertion) {
    for (const std::string& each : assertion.capabilities) {
      capabilities_.insert(capability_name(each));
    }
  }

  void look_at(PodId id, bool is_certain);
  [[nodiscard]] Finding conclude() const;

 private:
  [[nodiscard]] std::string fault_of(const AddedRight& right) const;

  const Snapshot& snapshot_;
  const Assertion& assertion_;
  std::set<std::string> capabilities_;
  std::size_t pods_ = 0;
  std::size_t templates_ = 0;
  std::vector<ObjectFault> faults_;
  std::string unknown_;
};

std::string Privileges::fault_of(const AddedRight& right) const {
  const bool is_every = right.name == to_string(Privilege::Privileged) ||
                        right.name == to_string(Privilege::AllCapabilities);
  const bool counts = is_every ? !capabilities_.empty() : capabilities_.contains(right.name);
  const bool is_excepted =
      right.init &&
      std::ranges::find(assertion_.allowed_init, right.container) != assertion_.allowed_init.end();
  if (!counts || is_excepted) return {};
  std::string text = right.init ? "init container " : "container ";
  text +=
      right.container + (right.name == to_string(Privilege::Privileged) ? " is " : " is given ");
  return text + right.name;
}

void Privileges::look_at(PodId id, bool is_certain) {
  const Pod& pod = snapshot_.cluster.at(id);
  ++pods_;
  templates_ += pod.stand_in ? 1U : 0U;
  const std::string name = to_string(FlowEnd{id}, snapshot_.cluster);
  const PodSpec found = spec_of(pod, snapshot_);
  std::vector<ObjectFault> faults;
  const std::string object = found.spec == nullptr ? "Pod " + name : to_string(found.key);
  if (pod.host_network && !assertion_.allows_host_network) {
    faults.push_back({object, "it has the network of its node", "Q8", pod.place});
  }
  if (found.spec == nullptr) {
    if (unknown_.empty()) unknown_ = "the spec of " + name + " is not in the input";
  } else {
    for (const AddedRight& right : added_rights(*found.spec)) {
      std::string text = fault_of(right);
      if (!text.empty()) faults.push_back({object, std::move(text), "Q8", right.place});
    }
  }
  if (is_certain) {
    faults_.insert(faults_.end(), faults.begin(), faults.end());
  } else if (!faults.empty() && unknown_.empty()) {
    unknown_ = name + ": " + faults.front().text +
               ", and its address is not known, so a cidr of the assertion may or may not hold it";
  }
}

Finding Privileges::conclude() const {
  if (!faults_.empty()) return violated_by(faults_);
  if (!unknown_.empty()) return Undecided{unknown_};
  std::string scope = std::to_string(pods_) + (pods_ == 1 ? " pod" : " pods");
  if (templates_ > 0) scope += " (" + std::to_string(templates_) + " of templates)";
  return Holds{Universe::Enumerated, scope + "; " + std::string(kNotLookedAt)};
}

}  // namespace

Decided check_no_privilege(const JudgedState& state, const Assertion& assertion) {
  const Snapshot& snapshot = state.snapshot();
  Group everybody;
  everybody.name = "all pods";
  const Group& group = assertion.in ? *assertion.in : everybody;
  if (group.unbounded) {
    return {Undecided{"universe unbounded is not decided for group " + group.name +
                      ": what pods may be admitted is not modelled"},
            {}};
  }
  const GroupResolver groups(snapshot.cluster);
  const Ends ends = groups.resolve(group, {});
  Privileges privileges(snapshot, assertion);
  bool has_pods = false;
  for (const EndClass& one : ends.classes) {
    has_pods = has_pods || (one.certain && !one.pods.empty());
    for (const PodId pod : one.pods) privileges.look_at(pod, one.certain);
  }
  Finding finding = privileges.conclude();
  const bool says_nothing =
      !has_pods && !group.allow_empty && std::holds_alternative<Holds>(finding);
  if (says_nothing) finding = Vacuous{"group " + group.name + " selects no pod"};
  return {limited(std::move(finding), lacking_objects({"Pod"}, assertion.in, snapshot, groups)),
          {Decider::Objects}};
}

}  // namespace meshproof
