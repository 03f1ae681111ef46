#include "cli/open_cluster.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "backends/curl_transport.h"
#include "backends/kube/kube_cluster.h"
#include "backends/oc/transport.h"
#include "backends/patience.h"
#include "scenarios/kubeconfig.h"

namespace meshproof {
namespace {

/// Whoever waits for an answer wants to know soon that there is none.
constexpr PatienceLimits kPatience{.at_most = std::chrono::seconds{20}};

std::unique_ptr<LiveCluster> fail(Session& session) {
  session.fail_cluster();
  return nullptr;
}

std::unique_ptr<HttpTransport> open_by_oc(Session& session) {
  const Options& options = session.options;
  auto transport = oc::open_transport(
      {.name = options.oc, .kubeconfig = options.kubeconfig, .context = options.context});
  if (transport) return std::move(*transport);
  session.add_error("cannot-run-oc", transport.error(),
                    options.oc.empty() ? "--backend oc" : "--oc " + options.oc);
  return nullptr;
}

std::unique_ptr<HttpTransport> open_by_api(Session& session) {
  std::optional<ClusterAddress> address = session.take(find_cluster_address(
      {session.options.kubeconfig, session.options.context}, KubeconfigPlaces::of_environment(),
      session.sources, session.diagnostics));
  return address ? open_curl_transport(std::move(*address)) : nullptr;
}

const char* code_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::Unreachable:
      return "cluster-unreachable";
    case Refusal::Forbidden:
    case Refusal::Unauthorized:
      return "cluster-refused";
    case Refusal::Conflict:
    case Refusal::Exists:
    case Refusal::Gone:
    case Refusal::Invalid:
    case Refusal::NotServed:
    case Refusal::Throttled:
    case Refusal::Failed:
      break;
  }
  return "cluster-failed";
}

}  // namespace

std::unique_ptr<LiveCluster> open_cluster(Session& session, ClusterWay way) {
  std::unique_ptr<HttpTransport> transport =
      way == ClusterWay::Oc ? open_by_oc(session) : open_by_api(session);
  if (transport == nullptr) return fail(session);
  return open_kube_cluster(std::move(transport), system_clock(), kPatience);
}

std::unique_ptr<LiveCluster> open_cluster(Session& session) {
  return open_cluster(session, session.options.oc.empty() ? ClusterWay::Kube : ClusterWay::Oc);
}

void add_cluster_error(Session& session, const LiveCluster& cluster, const ClusterError& error) {
  session.add_error(code_of(error.refusal), error.message, cluster.server());
  session.fail_cluster();
}

}  // namespace meshproof
