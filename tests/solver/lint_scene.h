#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// What one rule says of manifests: `NetworkPolicy shop/own: has the name of …`, in order.
[[nodiscard]] std::vector<std::string> findings_of(std::string_view rule, const std::string& yaml,
                                                   const std::string& operator_version = "");

/// Whether it finds one thing, and says this of it.
[[nodiscard]] bool finds_one(std::string_view rule, const std::string& yaml, std::string_view part,
                             const std::string& operator_version = "");

/// A Namespace with labels (`a: b, c: d`).
[[nodiscard]] std::string tenant(const std::string& name, const std::string& labels = "");
/// ServiceMeshControlPlane NS/basic, Reconciled by operator 2.5.1.
[[nodiscard]] std::string plane(const std::string& ns, const std::string& version = "v2.5");
/// The same without a status.
[[nodiscard]] std::string declared_plane(const std::string& ns,
                                         const std::string& version = "v2.5");
/// Its member roll; the spec is a flow mapping.
[[nodiscard]] std::string roll(const std::string& ns, const std::string& spec);
/// ServiceMeshMember NS/default, whose condition Reconciled has this status.
[[nodiscard]] std::string member(const std::string& ns, const std::string& mesh,
                                 const std::string& reconciled = "True");
/// Another object; `more` are its fields as YAML lines.
[[nodiscard]] std::string thing(const std::string& api_version, const std::string& kind,
                                const std::string& metadata, const std::string& more = "");
[[nodiscard]] std::string policy(const std::string& metadata,
                                 const std::string& ingress = "[{from: [{podSelector: {}}]}]");

}  // namespace meshproof
