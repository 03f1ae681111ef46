#include "model/mesh/sidecar.h"

#include <algorithm>
#include <array>

#include "model/mesh/control_plane_version.h"
#include "model/mesh/multus_annotation.h"

namespace meshproof {
namespace {

constexpr std::string_view kProxy = "istio-proxy";
constexpr std::string_view kVersionLabel = "maistra-version";

const Tree* proxy_in(const Tree* containers) {
  if (containers == nullptr) return nullptr;
  const auto found = std::ranges::find_if(containers->items, [](const Tree& container) {
    return container.string_at({"name"}) == kProxy;
  });
  return found == containers->items.end() ? nullptr : &*found;
}

/// The namespace in `istiod-basic.mesh.svc:15012` or `istio-pilot.mesh:15010`; empty if it is none.
std::string_view namespace_in(std::string_view address) {
  if (!address.starts_with("istiod") && !address.starts_with("istio-pilot")) return {};
  const auto dot = address.find('.');
  if (dot == std::string_view::npos) return {};
  address.remove_prefix(dot + 1);
  return address.substr(0, address.find_first_of(".:"));
}

/// Where the proxy finds its control plane: CA_ADDR, PROXY_CONFIG, or the argument of v1.
std::string mesh_of(const Tree& proxy) {
  if (const Tree* variables = proxy.find("env")) {
    for (const Tree& variable : variables->items) {
      if (variable.string_at({"name"}) != "CA_ADDR") continue;
      return std::string{namespace_in(variable.string_at({"value"}))};
    }
  }
  if (const Tree* words = proxy.find("args")) {
    for (std::size_t i = 1; i < words->items.size(); ++i) {
      if (words->items[i - 1].text != "--discoveryAddress") continue;
      return std::string{namespace_in(words->items[i].text)};
    }
  }
  return {};
}

/// Whether `2.4.7` is a release of `v2.4`.
bool is_release_of(std::string_view release, std::string_view version) {
  version.remove_prefix(std::min<std::size_t>(version.size(), 1));
  if (!release.starts_with(version)) return false;
  release.remove_prefix(version.size());
  return release.empty() || release.front() == '.' || release.front() == '-';
}

std::vector<NetworkSelection> networks_of(const Tree& pod) {
  const auto value = pod.string_at({"metadata", "annotations", kNetworksAnnotation});
  return read_networks(value).value_or(std::vector<NetworkSelection>{});
}

bool is_plugin(const NetworkSelection& network) {
  const auto versions = control_plane_versions();
  return std::ranges::find(versions, network.name, &ControlPlaneVersion::network_attachment) !=
         versions.end();
}

std::optional<PodMisfit> network_misfit(const Tree& pod, const std::string& expected) {
  if (expected.empty()) return std::nullopt;
  const auto networks = networks_of(pod);
  if (std::ranges::find(networks, expected, &NetworkSelection::name) != networks.end()) {
    return std::nullopt;
  }
  return std::ranges::any_of(networks, is_plugin) ? PodMisfit::OtherNetwork
                                                  : PodMisfit::NotRedirected;
}

constexpr auto kVariableFields =
    std::to_array<Outline::Field>({{"name", nullptr}, {"value", nullptr}});
constexpr Outline kVariable{kVariableFields};
constexpr auto kContainerFields = std::to_array<Outline::Field>({{"args", nullptr},
                                                                 {"command", nullptr},
                                                                 {"env", &kVariable},
                                                                 {"image", nullptr},
                                                                 {"name", nullptr},
                                                                 {"restartPolicy", nullptr},
                                                                 {"securityContext", nullptr}});
constexpr Outline kContainer{kContainerFields};
constexpr auto kMetadataFields =
    std::to_array<Outline::Field>({{"annotations", nullptr}, {"labels", nullptr}});
constexpr Outline kMetadata{kMetadataFields};
constexpr auto kSpecFields = std::to_array<Outline::Field>({{"containers", &kContainer},
                                                            {"ephemeralContainers", &kContainer},
                                                            {"hostNetwork", nullptr},
                                                            {"initContainers", &kContainer}});
constexpr Outline kSpec{kSpecFields};
constexpr auto kStatusFields = std::to_array<Outline::Field>({{"phase", nullptr}});
constexpr Outline kStatus{kStatusFields};
constexpr auto kPodFields = std::to_array<Outline::Field>(
    {{"metadata", &kMetadata}, {"spec", &kSpec}, {"status", &kStatus}});

/// A gateway: the proxy is all that it is.
bool is_only_a_proxy(const Tree& pod) {
  const Tree* containers = pod.find_path({"spec", "containers"});
  return containers != nullptr && containers->items.size() == 1 && proxy_in(containers) != nullptr;
}

}  // namespace

const Outline kSidecarOutline{kPodFields};

std::optional<Sidecar> find_sidecar(const Tree& pod) {
  const Tree* containers = pod.find_path({"spec", "containers"});
  const Tree* proxy = proxy_in(containers);
  if (is_only_a_proxy(pod)) return std::nullopt;
  bool native = false;
  if (proxy == nullptr) {
    proxy = proxy_in(pod.find_path({"spec", "initContainers"}));
    native = proxy != nullptr && proxy->string_at({"restartPolicy"}) == "Always";
    if (!native) return std::nullopt;
  }
  return Sidecar{native, mesh_of(*proxy),
                 std::string{pod.string_at({"metadata", "labels", kVersionLabel})}, proxy->place};
}

std::string_view to_string(PodMisfit misfit) {
  switch (misfit) {
    case PodMisfit::LacksSidecar:
      return "lacks-sidecar";
    case PodMisfit::KeepsSidecar:
      return "keeps-sidecar";
    case PodMisfit::OtherMesh:
      return "other-mesh";
    case PodMisfit::OtherNetwork:
      return "other-network";
    case PodMisfit::NotRedirected:
      return "not-redirected";
    case PodMisfit::OtherVersion:
      return "other-version";
  }
  return "";
}

std::optional<PodMisfit> find_misfit(const Tree& pod, const ExpectedSidecar& expected) {
  if (is_only_a_proxy(pod)) return std::nullopt;
  const auto sidecar = find_sidecar(pod);
  if (!sidecar) {
    return expected.injected ? std::optional{PodMisfit::LacksSidecar} : std::nullopt;
  }
  if (!expected.injected) return PodMisfit::KeepsSidecar;
  if (!sidecar->mesh.empty() && sidecar->mesh != expected.mesh) return PodMisfit::OtherMesh;
  if (const auto misfit = network_misfit(pod, expected.network)) return misfit;
  if (!sidecar->maistra_version.empty() &&
      !is_release_of(sidecar->maistra_version, expected.version)) {
    return PodMisfit::OtherVersion;
  }
  return std::nullopt;
}

}  // namespace meshproof
