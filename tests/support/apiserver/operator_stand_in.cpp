#include "tests/support/apiserver/operator_stand_in.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace meshproof {
namespace {

constexpr std::chrono::milliseconds kLooksEvery{25};
constexpr const char* kFinalizer = "maistra.io/istio-operator";
constexpr const char* kCreatedBy = "maistra.io/created-by";

std::string version_of(const Tree& object) {
  return std::string{object.string_at({"metadata", "resourceVersion"})};
}

bool is_terminating(const Tree& object) {
  return !object.string_at({"metadata", "deletionTimestamp"}).empty();
}

bool has_finalizer(const Tree& object) {
  const Tree* finalizers = object.find_path({"metadata", "finalizers"});
  return finalizers != nullptr &&
         std::ranges::find(finalizers->items, kFinalizer, &Tree::text) != finalizers->items.end();
}

/// Made by the roll, so that it goes with the roll's entry.
bool is_rolls(const Tree& member) {
  return !member.string_at({"metadata", "annotations", kCreatedBy}).empty();
}

}  // namespace

OperatorStandIn::OperatorStandIn(const TestServer& server, Playbook book, OperatorPace pace)
    : client_{server, "maistra-istio-operator"},
      book_{std::move(book)},
      pace_{pace},
      thread_{kLooksEvery, [this](const std::stop_token& stop) { look(stop); }} {}

void OperatorStandIn::set_pace(const OperatorPace& pace) {
  const std::lock_guard lock{mutex_};
  pace_ = pace;
  writes_of_pace_ = 0;
}

bool OperatorStandIn::comes_to_rest(std::chrono::milliseconds at_most) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  std::size_t asked_at = 0;
  {
    const std::lock_guard lock{mutex_};
    asked_at = looks_;
  }
  do {
    thread_.check();
    {
      const std::lock_guard lock{mutex_};
      if (last_rest_ > asked_at) return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  } while (std::chrono::steady_clock::now() < until);
  return false;
}

std::vector<std::string> OperatorStandIn::writes() const {
  const std::lock_guard lock{mutex_};
  return writes_;
}

OperatorPace OperatorStandIn::pace() const {
  const std::lock_guard lock{mutex_};
  return pace_;
}

void OperatorStandIn::wrote(const std::string& write) {
  {
    const std::lock_guard lock{mutex_};
    writes_.push_back(write);
    ++writes_of_pace_;
    if (pace_.stops_after && writes_of_pace_ >= *pace_.stops_after) throw StandsStill{};
  }
  sleep_for(pace().between_writes, stop_);
}

void OperatorStandIn::look(const std::stop_token& stop) {
  std::size_t look = 0;
  {
    const std::lock_guard lock{mutex_};
    const bool stands = pace_.stops_after && writes_of_pace_ >= *pace_.stops_after;
    if (!pace_.acts || stands) return;
    look = ++looks_;
  }
  try {
    if (act(stop)) return;
  } catch (const StandsStill&) {
    return;
  }
  const std::lock_guard lock{mutex_};
  last_rest_ = look;
}

bool OperatorStandIn::has_work(const MeshSight& sight, const std::vector<MemberRun>& runs) const {
  if (!runs.empty()) return true;
  if (sight.roll.is_null()) return false;
  const Tree* status = sight.roll.find("status");
  return is_terminating(sight.roll) == has_finalizer(sight.roll) || status == nullptr ||
         *status != roll_status(book_, sight);
}

/// True if there was anything to do.
bool OperatorStandIn::act(const std::stop_token& stop) {
  stop_ = stop;
  MeshSight sight = see();
  auto runs = runs_for(sight);
  if (!has_work(sight, runs)) return false;
  sleep_for(pace().before_acting, stop);
  // The roll may have been edited meanwhile.
  sight = see();
  runs = runs_for(sight);
  if (!sight.roll.is_null()) mark_roll(sight.roll, runs);
  if (std::ranges::any_of(runs, &MemberRun::joins)) tell_kiali(sight);
  play(runs, stop);
  if (stop.stop_requested()) return true;
  sight = see();
  tell_kiali(sight);
  tell_roll(sight);
  return true;
}

/// The finalizer comes before the first member, and goes when all of them are being deleted.
void OperatorStandIn::mark_roll(const Tree& roll, std::vector<MemberRun>& runs) {
  if (is_terminating(roll) != has_finalizer(roll)) return;
  const ObjectKey key = key_of(roll);
  if (is_terminating(roll)) {
    for (MemberRun& run : runs) static_cast<void>(step(run));
  }
  const Tree finalizers =
      is_terminating(roll) ? Tree::null() : Tree::strings({std::string{kFinalizer}});
  const Tree metadata = Tree::mapping({{"finalizers", finalizers}});
  const ApiAnswer answer = client_.merge(key, Tree::mapping({{"metadata", metadata}}));
  if (answer.is_ok()) wrote("update " + to_string(key));
}

MeshSight OperatorStandIn::see() {
  MeshSight sight;
  if (auto roll = client_.find(key_for("ServiceMeshMemberRoll", book_.mesh, "default"))) {
    sight.roll = std::move(*roll);
  }
  for (Tree& member : client_.list(key_for("ServiceMeshMember", "", ""))) {
    if (member.string_at({"spec", "controlPlaneRef", "namespace"}) == book_.mesh) {
      sight.members.push_back(std::move(member));
    }
  }
  for (Tree& project : client_.list(key_for("Namespace", "", ""))) {
    sight.projects[std::string{project.string_at({"metadata", "name"})}] = version_of(project);
  }
  return sight;
}

std::vector<MemberRun> OperatorStandIn::runs_for(const MeshSight& sight) {
  std::vector<MemberRun> runs;
  const auto wanted = sight.wanted(book_.mesh);
  for (const Tree& member : sight.members) {
    const std::string project{member.string_at({"metadata", "namespace"})};
    const bool is_wanted = std::ranges::binary_search(wanted, project);
    if (is_terminating(member) || (is_rolls(member) && !is_wanted)) {
      runs.emplace_back(book_, project, false);
    }
  }
  for (const auto& project : wanted) {
    const Tree* member = sight.member_in(project);
    const auto version = sight.projects.find(project);
    if (version == sight.projects.end() || is_configured(member)) continue;
    if (member != nullptr && is_terminating(*member)) continue;
    const auto failed = failed_at_.find(project);
    if (failed != failed_at_.end() && failed->second == version->second) continue;
    runs.emplace_back(book_, project, true);
  }
  return runs;
}

void OperatorStandIn::play(std::vector<MemberRun>& runs, const std::stop_token& stop) {
  while (!runs.empty() && !stop.stop_requested()) {
    bool all_wait = true;
    for (auto run = runs.begin(); run != runs.end() && !stop.stop_requested();) {
      const auto progress = step(*run);
      if (progress != MemberRun::Progress::Waits) all_wait = false;
      if (progress == MemberRun::Progress::Done) {
        finish(*run);
        run = runs.erase(run);
      } else {
        ++run;
      }
    }
    if (all_wait) sleep_for(kLooksEvery, stop);
  }
}

MemberRun::Progress OperatorStandIn::step(MemberRun& run) {
  return run.step(client_, pace().network, [this](const std::string& write) { wrote(write); });
}

void OperatorStandIn::finish(const MemberRun& run) {
  const ObjectKey key = key_for("ServiceMeshMember", run.project(), "default");
  const auto member = run.joins() ? client_.find(key) : std::nullopt;
  if (member) {
    const Tree status = member_status(book_, *member, run.error());
    const Tree* old = member->find("status");
    if (old == nullptr || *old != status) {
      if (client_.write_status(key, status).is_ok()) wrote("status " + to_string(key));
    }
  }
  const MeshSight sight = see();
  const auto version = sight.projects.find(run.project());
  if (run.joins() && !run.error().empty() && version != sight.projects.end()) {
    failed_at_[run.project()] = version->second;
  } else {
    failed_at_.erase(run.project());
  }
  tell_roll(sight);
}

void OperatorStandIn::tell_roll(const MeshSight& sight) {
  if (sight.roll.is_null()) return;
  const Tree status = roll_status(book_, sight);
  const Tree* old = sight.roll.find("status");
  if (old != nullptr && *old == status) return;
  const ObjectKey key = key_of(sight.roll);
  if (client_.write_status(key, status).is_ok()) wrote("status " + to_string(key));
}

/// Kiali shows what the roll requires, configured or not.
void OperatorStandIn::tell_kiali(const MeshSight& sight) {
  const ObjectKey key = key_for("Kiali", book_.mesh, "kiali");
  const auto kiali = client_.find(key);
  if (!kiali) return;
  const Tree wanted = Tree::strings(sight.wanted(book_.mesh));
  const Tree* shown = kiali->find_path({"spec", "deployment", "accessible_namespaces"});
  if (shown != nullptr && *shown == wanted) return;
  const Tree deployment = Tree::mapping({{"accessible_namespaces", wanted}});
  const Tree spec = Tree::mapping({{"deployment", deployment}});
  if (client_.merge(key, Tree::mapping({{"spec", spec}})).is_ok()) {
    wrote("patch " + to_string(key));
  }
}

}  // namespace meshproof
