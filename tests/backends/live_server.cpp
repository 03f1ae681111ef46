#include "tests/backends/live_server.h"

#include <cstdlib>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "backends/kube/kube_cluster.h"
#include "scenarios/kubeconfig.h"
#include "tests/support/apiserver/test_server.h"

namespace meshproof {

std::optional<ClusterAddress> live_server(const std::string& context) {
  const TestServer* server = test_server();
  if (server == nullptr) return std::nullopt;
  // kubectl takes both from there.
  setenv("KUBECONFIG", server->kubeconfig().c_str(), 1);
  setenv("KUBEBUILDER_ASSETS", server->assets.c_str(), 1);
  Sources sources;
  Diagnostics warnings;
  auto address =
      find_cluster_address({{}, context}, KubeconfigPlaces::of_environment(), sources, warnings);
  REQUIRE(address);
  return std::move(*address);
}

std::unique_ptr<LiveCluster> live_cluster(const ClusterAddress& address) {
  return open_kube_cluster(open_curl_transport(address));
}

std::string new_namespace(LiveCluster& cluster) {
  static int count = 0;
  std::string name = "kube-test-" + std::to_string(getpid()) + '-' + std::to_string(++count);
  const auto created =
      cluster.create(Tree::mapping({{"apiVersion", Tree::string("v1")},
                                    {"kind", Tree::string("Namespace")},
                                    {"metadata", Tree::mapping({{"name", Tree::string(name)}})}}));
  INFO((created ? "" : created.error().message));
  REQUIRE(created);
  return name;
}

Tree config_map(const std::string& ns, const std::string& name, const std::string& value) {
  return Tree::mapping(
      {{"apiVersion", Tree::string("v1")},
       {"kind", Tree::string("ConfigMap")},
       {"metadata", Tree::mapping({{"name", Tree::string(name)}, {"namespace", Tree::string(ns)}})},
       {"data", Tree::mapping({{"value", Tree::string(value)}})}});
}

ObjectKey config_map_key(const std::string& ns, const std::string& name) {
  return {"", "ConfigMap", ns, name};
}

}  // namespace meshproof
