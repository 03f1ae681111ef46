// M12: with the CNI plugin no container needs rights over the network.

#include "model/mesh/redirection.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

namespace meshproof {
namespace {

Tree spec_of(const std::string& spec) {
  return trees_from("apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: y}\nspec: " + spec)
      .at(0)
      .mapping_at("spec");
}

std::vector<std::string> held(const std::string& spec) {
  std::vector<std::string> texts;
  for (const HeldPrivilege& each : held_privileges(spec_of(spec))) {
    texts.push_back((each.init ? "init " : "") + each.container + ' ' +
                    std::string{to_string(each.privilege)});
    CHECK(each.place.is_known());
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST_CASE("M12: capabilities that are added are found in every list of containers") {
  CHECK(held("{containers: [{name: a, securityContext: {capabilities: {add: [NET_ADMIN, "
             "SYS_TIME, NET_RAW], drop: [ALL]}}}], initContainers: [{name: b, securityContext: "
             "{capabilities: {add: [CAP_NET_ADMIN]}}}], ephemeralContainers: [{name: c, "
             "securityContext: {capabilities: {add: [net_raw]}}}]}") ==
        Texts{"init b NET_ADMIN", "a NET_ADMIN", "a NET_RAW", "c NET_RAW"});
  CHECK(held("{containers: [{name: a, securityContext: {capabilities: {add: [ALL]}}}]}") ==
        Texts{"a ALL"});
}

TEST_CASE("M12: a privileged container holds everything") {
  CHECK(held("{containers: [{name: a, securityContext: {privileged: true}}, {name: b, "
             "securityContext: {privileged: false}}]}") == Texts{"a privileged"});
}

TEST_CASE("M12: a template without rights, and one that is no template, hold none") {
  CHECK(held("{containers: [{name: a, securityContext: {capabilities: {drop: [NET_ADMIN]}}}]}")
            .empty());
  CHECK(held_privileges(Tree::string("x")).empty());
  CHECK(redirecting_containers(Tree::sequence()).empty());
}

TEST_CASE("M12: init containers that redirect by themselves") {
  const auto found = redirecting_containers(spec_of(
      "{initContainers: [{name: istio-init}, {name: proxy-init}, {name: a, image: "
      "'docker.io/istio/proxy_init:1.4@sha256:00'}, {name: b, image: 'quay.io/x/proxyv2:2.0', "
      "args: [istio-iptables, -p]}, {name: istio-validation, args: [istio-iptables, "
      "--run-validation]}, {name: c, image: 'quay.io/x/tool:1'}]}"));
  Texts names;
  Texts reasons;
  for (const RedirectingContainer& each : found) {
    names.push_back(each.name);
    reasons.push_back(each.why);
    CHECK(each.place.is_known());
  }
  CHECK(names == Texts{"istio-init", "proxy-init", "a", "b"});
  CHECK(reasons == Texts{"it is called istio-init", "it is called proxy-init",
                         "its image is proxy_init", "it calls istio-iptables"});
}

}  // namespace
}  // namespace meshproof
