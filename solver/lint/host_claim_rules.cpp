#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "model/mesh/control_plane.h"
#include "model/tree_json.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

/// A Route, as the router admits it: the oldest one has its host.
struct RouteClaim {
  std::string created;
  std::string ns;
  std::string name;
  std::string path;
  const Object* object = nullptr;
  Place place;

  [[nodiscard]] auto order() const { return std::tie(created, ns, name); }
};

std::string words(const RouteClaim& claim) {
  return fmt::format("Route {}/{}", claim.ns, claim.name);
}

std::map<std::string, std::vector<RouteClaim>> route_claims(const LintedState& state) {
  std::map<std::string, std::vector<RouteClaim>> by_host;
  for (const Object* object : state.objects().of_kind("Route")) {
    const std::shared_ptr<const Tree> tree = object->tree.read();
    const Tree* host = tree->find_path({"spec", "host"});
    if (host == nullptr || host->text.empty()) continue;
    by_host[host->text].push_back(
        {std::string{tree->string_at({"metadata", "creationTimestamp"})}, object->key.ns,
         object->key.name, std::string{tree->string_at({"spec", "path"})}, object, host->place});
  }
  return by_host;
}

/// The host of another project, or the same host and path of another Route.
void find_refused_routes(const LintedState& state, std::vector<LintFinding>& findings) {
  for (auto& [host, claims] : route_claims(state)) {
    if (claims.size() < 2) continue;
    std::ranges::sort(claims, [](const auto& a, const auto& b) { return a.order() < b.order(); });
    std::map<std::string, const RouteClaim*> by_path;
    for (const RouteClaim& claim : claims) {
      const RouteClaim& first = claims.front();
      const auto [same, is_new] = by_path.emplace(claim.path, &claim);
      const RouteClaim* other = claim.ns != first.ns ? &first : is_new ? nullptr : same->second;
      if (other == nullptr) continue;
      findings.push_back(finding_about(
          *claim.object,
          fmt::format("claims host {}{}, which {} has", host, claim.path, words(*other)),
          claim.place));
    }
  }
}

/// Whether the mesh makes Routes of Gateways (operator.md 6.4). Operator 2.5 turns it off in a new
/// control plane that says nothing.
bool makes_routes(const LintedState& state, const Object& plane) {
  const ControlPlane spec = read_control_plane(plane, state.operator_version());
  if (spec.version_text.starts_with("v1.")) return spec.makes_routes;
  const auto said = plane.tree->find_path({"spec", "gateways", "openshiftRoute", "enabled"});
  if (said != nullptr) return said->text == "true";
  const bool off_for_new = spec.version_text == "v2.5" || spec.version_text == "v2.6";
  return !off_for_new || !lacks_status(plane);
}

bool is_of(const Mesh& mesh, const std::string& ns) {
  return ns == mesh.ns || std::ranges::binary_search(mesh.labelled, ns) ||
         std::ranges::find(mesh.roll_members, ns) != mesh.roll_members.end();
}

/// A host without the project before the slash, as Routes have it.
std::string_view host_of(std::string_view text) {
  const auto slash = text.find('/');
  return slash == std::string_view::npos ? text : text.substr(slash + 1);
}

struct GatewayClaim {
  const Object* object = nullptr;
  Place place;
};

std::vector<const Object*> gateways_of(const LintedState& state) {
  std::vector<const Object*> gateways;
  for (const Object& object : state.objects()) {
    const bool is_one = object.key.kind == "Gateway" && object.key.group == "networking.istio.io";
    if (is_one) gateways.push_back(&object);
  }
  return gateways;
}

void find_refused_gateways(const std::vector<const Object*>& gateways, const Mesh& mesh,
                           std::vector<LintFinding>& findings) {
  // By the pods that serve the Gateway, and the host.
  std::map<std::pair<std::string, std::string>, GatewayClaim> claims;
  for (const Object* object : gateways) {
    if (!is_of(mesh, object->key.ns)) continue;
    const std::shared_ptr<const Tree> tree = object->tree.read();
    const Tree* kept = tree->find_path({"metadata", "annotations", "maistra.io/manageRoute"});
    const Tree* servers = tree->find_path({"spec", "servers"});
    if (servers == nullptr || (kept != nullptr && kept->text == "false")) continue;
    std::string selector;
    if (const Tree* pods = tree->find_path({"spec", "selector"})) append_json(selector, *pods);
    for (const Tree& server : servers->items) {
      const Tree* hosts = server.find("hosts");
      if (hosts == nullptr) continue;
      for (const Tree& each : hosts->items) {
        const std::string host{host_of(each.text)};
        if (host.empty() || host == "*") continue;
        const auto [first, is_new] =
            claims.emplace(std::pair{selector, host}, GatewayClaim{object, each.place});
        if (is_new || first->second.object == object) continue;
        findings.push_back(finding_about(
            *object,
            fmt::format("claims host {}, which {} has: of the two Routes that the mesh makes one "
                        "is not admitted",
                        host, to_string(first->second.object->key)),
            each.place));
      }
    }
  }
}

std::vector<LintFinding> host_claims(const LintedState& state) {
  std::vector<LintFinding> findings;
  find_refused_routes(state, findings);
  const std::vector<const Object*> gateways = gateways_of(state);
  for (const Mesh& mesh : state.meshes()) {
    const Object* plane = state.objects().find("ServiceMeshControlPlane", mesh.ns, mesh.name);
    if (plane != nullptr && makes_routes(state, *plane)) {
      find_refused_gateways(gateways, mesh, findings);
    }
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0509",
      .name = "host-claimed-twice",
      .group = RuleGroup::Callers,
      .severity = Severity::Warning,
      .meaning =
          "Two Routes claim one host: in one project with the same path, or in two projects with "
          "any. The router admits the older one only. Two Gateways with one host do that too, "
          "where "
          "the mesh makes a Route of each.",
      .source = "mission M20; operator.md 6.4 (MAISTRA-158)",
      .fix = "Give each Route its own host, or its own path in one project; put the servers of one "
             "host into one Gateway, or set maistra.io/manageRoute: \"false\" on the other one."},
     host_claims},
});

}  // namespace

std::span<const RuleRow> host_claim_rules() { return kRows; }

}  // namespace meshproof
