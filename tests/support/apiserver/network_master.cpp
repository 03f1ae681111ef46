#include "tests/support/apiserver/network_master.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {
namespace {

constexpr std::string_view kRequest = "pod.network.openshift.io/multitenant.change-network";
constexpr std::int64_t kFirstFresh = 16'000'001;

std::int64_t network_of(const Tree& project) { return project.integer_at({"netid"}).value_or(0); }

std::int64_t fresh_network(const std::vector<Tree>& projects) {
  std::int64_t fresh = kFirstFresh;
  for (const Tree& project : projects) fresh = std::max(fresh, network_of(project) + 1);
  return fresh;
}

/// The network that is asked for; nothing where the master only logs an error.
std::optional<std::int64_t> granted(const std::vector<Tree>& projects, const Tree& asking,
                                    std::string_view request) {
  const std::string_view verb = request.substr(0, request.find(':'));
  if (verb == "global") return 0;
  if (verb == "isolate") {
    const auto sharers = std::ranges::count(projects, network_of(asking), network_of);
    return sharers > 1 ? fresh_network(projects) : network_of(asking);
  }
  if (verb != "join" || request.size() <= verb.size() + 1) return std::nullopt;
  const auto target = request.substr(verb.size() + 1);
  for (const Tree& project : projects) {
    if (project.string_at({"metadata", "name"}) == target) return network_of(project);
  }
  return std::nullopt;
}

}  // namespace

NetworkMaster::NetworkMaster(const TestServer& server, std::chrono::milliseconds delay)
    : client_{server, "openshift-sdn"},
      delay_{delay},
      thread_{std::chrono::milliseconds{25}, [this](const std::stop_token& stop) { step(stop); }} {}

void NetworkMaster::step(const std::stop_token& stop) {
  const ObjectKey all = key_for("NetNamespace", "", "");
  const auto asks = [](const Tree& project) {
    return !project.string_at({"metadata", "annotations", kRequest}).empty();
  };
  auto projects = client_.list(all);
  if (std::ranges::none_of(projects, asks)) return;
  sleep_for(delay_, stop);
  if (stop.stop_requested()) return;
  projects = client_.list(all);
  for (Tree& project : projects) {
    if (!asks(project)) continue;
    const auto network =
        granted(projects, project, project.string_at({"metadata", "annotations", kRequest}));
    if (!network) continue;
    const Tree answered = Tree::mapping({{std::string{kRequest}, Tree::null()}});
    // Only for the request that was read: a newer one gets its own answer.
    const auto version = project.string_at({"metadata", "resourceVersion"});
    const Tree metadata = Tree::mapping(
        {{"annotations", answered}, {"resourceVersion", Tree::string(std::string{version})}});
    const ApiAnswer answer =
        client_.merge(key_of(project),
                      Tree::mapping({{"metadata", metadata}, {"netid", Tree::number(*network)}}));
    // The next one sees it.
    if (answer.is_ok()) project.set("netid", Tree::number(*network));
  }
}

}  // namespace meshproof
