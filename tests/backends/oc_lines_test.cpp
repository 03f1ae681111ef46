#include "backends/snapshot/oc_lines.h"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "backends/snapshot/kinds.h"

namespace meshproof {

TEST_CASE("a line of oc for each kind writes a file of its own") {
  const std::string lines = oc_lines({});
  CHECK(lines.starts_with(
      "mkdir -p snapshot\n"
      "oc get namespaces --chunk-size=500 -o json > snapshot/namespaces.json || rm -f "
      "snapshot/namespaces.json\n"
      "oc get services --all-namespaces --chunk-size=500 -o json > snapshot/services.json || "
      "rm -f snapshot/services.json\n"));
  CHECK(std::count(lines.begin(), lines.end(), '\n') ==
        static_cast<std::ptrdiff_t>(read_kinds().size()) + 1);
  CHECK(lines.find("secret") == std::string::npos);
  CHECK(lines.find("oc get networkpolicies.networking.k8s.io --all-namespaces") !=
        std::string::npos);
}

TEST_CASE("what the user names in the lines of oc stays one word") {
  const std::string lines = oc_lines({.program = "/opt/my oc",
                                      .kubeconfig = "a'b",
                                      .context = "$(id)",
                                      .namespaces = {"shop", "pay"},
                                      .folder = "-x y"});
  CHECK(lines.find("'/opt/my oc' '--kubeconfig=a'\\''b' '--context=$(id)' get pods "
                   "--namespace=shop --chunk-size=500 -o json > './-x y/pods@shop.json' || rm -f "
                   "'./-x y/pods@shop.json'\n") != std::string::npos);
  CHECK(lines.find("get nodes --chunk-size") != std::string::npos);
}

}  // namespace meshproof
