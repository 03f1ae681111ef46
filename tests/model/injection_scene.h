#pragma once

#include <string>

#include "model/mesh/injection.h"

namespace meshproof {

/// What a test of injection varies: YAML of parts of one Deployment `shop/web` in a member of mesh
/// `mesh/basic`, and of those two. Flow mappings without their braces.
struct InjectionScenery {
  std::string version = "v2.5";
  std::string spec = "";    ///< of the control plane, besides the version
  std::string status = "";  ///< of the control plane
  std::string ns_labels = "maistra.io/member-of: mesh";
  std::string ns = "shop";
  std::string labels = "";        ///< of the template
  std::string annotations = "";   ///< of the template
  std::string pod_spec = "";      ///< of the template, besides its container
  std::string own_metadata = "";  ///< of the Deployment
  std::string more = "";          ///< further manifests
};

/// The whole answer; the test fails if there is none.
[[nodiscard]] Injections injections_in(const InjectionScenery& scenery,
                                       const NetworkOptions& network = {});
/// That of the Deployment.
[[nodiscard]] WorkloadInjection injection_in(const InjectionScenery& scenery,
                                             const NetworkOptions& network = {});

/// `yes by policy`, `no by host-network`
[[nodiscard]] std::string words_of(const InjectionDecision& decision);

}  // namespace meshproof
