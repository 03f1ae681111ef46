#include "tests/support/apiserver/member_run.h"

#include <stdexcept>
#include <utility>

namespace meshproof {
namespace {

constexpr const char* kMemberOf = "maistra.io/member-of";
constexpr const char* kRequest = "pod.network.openshift.io/multitenant.change-network";

const std::vector<PlayedWrite>& script_for(const Playbook& book, const std::string& project,
                                           bool joins) {
  const auto at = book.scripts.find(project);
  if (at == book.scripts.end() || (joins && at->second.join.empty())) {
    throw std::runtime_error{"nobody recorded how " + project + (joins ? " joins" : " leaves")};
  }
  return joins ? at->second.join : at->second.leave;
}

}  // namespace

MemberRun::MemberRun(const Playbook& book, const std::string& project, bool joins)
    : script_{&script_for(book, project, joins)},
      mesh_{book.mesh},
      project_{project},
      joins_{joins} {}

MemberRun::Progress MemberRun::step(ApiClient& client, const NetworkWait& wait,
                                    const OnWrite& on_write) {
  if (waits_until_) {
    if (is_pending(client)) {
      if (std::chrono::steady_clock::now() < *waits_until_) return Progress::Waits;
      // On a leave the operator goes on all the same.
      if (joins_) error_ = "timed out waiting for the condition";
      has_failed_ = joins_;
    }
    waits_until_.reset();
  }
  while (next_ < script_->size()) {
    const PlayedWrite& write = (*script_)[next_++];
    if (write.key.kind != "ServiceMeshMember") look_at_label(client);
    if (is_given_up(write) || !play(write, client, on_write)) continue;
    const bool is_request = write.key.kind == "NetNamespace";
    if (is_request && (joins_ ? wait.on_join.value_or(write.waits) : write.waits)) {
      waits_until_ = std::chrono::steady_clock::now() + wait.at_most;
    }
    return Progress::Wrote;
  }
  return Progress::Done;
}

/// Another mesh's project is refused before anything is put into it.
void MemberRun::look_at_label(ApiClient& client) {
  if (!joins_ || std::exchange(has_looked_, true)) return;
  const auto found = client.find(key_for("Namespace", "", project_));
  const auto member_of = found ? found->string_at({"metadata", "labels", kMemberOf}) : "";
  if (member_of.empty() || member_of == mesh_) return;
  error_ = "cannot reconcile namespace " + project_ + " in mesh " + mesh_ +
           ", as it is already a member of " + std::string{member_of};
  has_failed_ = true;
}

/// A policy that is in the way still lets the other ones be made, and nothing after them.
bool MemberRun::is_given_up(const PlayedWrite& write) const {
  if (has_failed_) return true;
  return !error_.empty() && error_.starts_with("networkpolicies") &&
         write.key.kind != "NetworkPolicy";
}

bool MemberRun::play(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write) {
  switch (write.verb) {
    case PlayedWrite::Verb::Create:
      return create(write, client, on_write);
    case PlayedWrite::Verb::Patch:
      return patch(write, client, on_write);
    case PlayedWrite::Verb::Delete:
      return remove(write, client, on_write);
  }
  return false;
}

bool MemberRun::create(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write) {
  const ApiAnswer answer = client.create(write.content);
  if (answer.is_ok()) {
    on_write("create " + to_string(write.key));
    return true;
  }
  const auto found = answer.status == 409 ? client.find(write.key) : std::nullopt;
  if (found && is_ours(*found)) return false;
  error_ = answer.body.string_at({"message"});
  has_failed_ = answer.status != 409;
  return false;
}

bool MemberRun::patch(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write) {
  const auto found = client.find(write.key);
  if (!found) return false;
  if (write.key.kind == "NetNamespace" && joins_) {
    const auto target = client.find(key_for("NetNamespace", "", mesh_));
    if (target && target->integer_at({"netid"}) == found->integer_at({"netid"})) return false;
  }
  if (merge_patch(*found, write.content) == *found) return false;
  const ApiAnswer answer = client.merge(write.key, write.content);
  if (!answer.is_ok()) {
    if (answer.status != 404) error_ = answer.body.string_at({"message"});
    return false;
  }
  on_write("update " + to_string(write.key));
  return true;
}

bool MemberRun::remove(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write) {
  const auto found = client.find(write.key);
  if (!found || !is_ours(*found)) return false;
  if (!found->string_at({"metadata", "deletionTimestamp"}).empty()) return false;
  if (!client.remove(write.key).is_ok()) return false;
  on_write("delete " + to_string(write.key));
  return true;
}

/// What somebody else has put under the same name is left alone.
bool MemberRun::is_ours(const Tree& object) const {
  if (object.string_at({"kind"}) == "ServiceMeshMember") return true;
  return object.string_at({"metadata", "labels", kMemberOf}) == mesh_;
}

bool MemberRun::is_pending(ApiClient& client) const {
  const auto found = client.find(key_for("NetNamespace", "", project_));
  return found && !found->string_at({"metadata", "annotations", kRequest}).empty();
}

}  // namespace meshproof
