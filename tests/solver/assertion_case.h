#pragma once

#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/snapshot.h"
#include "model/verdict.h"

/// Small clusters and assertions that the tests of the checks share.
namespace meshproof {

/// A Namespace with labels in YAML's flow style without the braces.
[[nodiscard]] std::string project_yaml(const std::string& name, const std::string& labels = {});

/// A running pod `app=NAME` on node-a with one container; `spec` may add more to the spec.
[[nodiscard]] std::string pod_yaml(const std::string& ns, const std::string& name,
                                   const std::string& address, const std::string& spec = {});

/// A policy that isolates the pods `app=NAME` and admits those of the peer, on TCP 8080.
[[nodiscard]] std::string admits(const std::string& ns, const std::string& name,
                                 const std::string& peer);

/// The pods of a project, or those with `app=NAME` there.
[[nodiscard]] Group group_in(const std::string& ns, const std::string& app = {});
/// What is outside in a block.
[[nodiscard]] Group group_outside(const std::string& cidr = "0.0.0.0/0");
[[nodiscard]] Assertion assertion_of(AssertionKind kind, Group from, Group to);

[[nodiscard]] Verdict verdict_on(const Snapshot& state, const Assertion& asked,
                                 const Snapshot* before = nullptr);
/// `holds`, `violated`, `about nothing`, `undecided`.
[[nodiscard]] std::string outcome_of(const Finding& finding);

/// The ends of the hops of a witness, one after the other.
[[nodiscard]] std::vector<std::string> stops_of(const Violated& violated);

}  // namespace meshproof
