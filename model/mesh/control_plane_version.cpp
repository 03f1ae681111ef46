#include "model/mesh/control_plane_version.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

constexpr std::array kVersions = std::to_array<ControlPlaneVersion>({
    {"v1.0", 100, "istio-cni", "1.0.11", false, false},
    {"v1.1", 101, "v1-1-istio-cni", "1.1.18", false, false},
    {"v2.0", 200, "v2-0-istio-cni", "2.0.11", false, false},
    {"v2.1", 201, "v2-1-istio-cni", "2.1.6", false, false},
    {"v2.2", 202, "v2-2-istio-cni", "2.2.13", false, true},
    {"v2.3", 203, "v2-3-istio-cni", "2.3.11", false, true},
    {"v2.4", 204, "v2-4-istio-cni", "2.4.7", true, true},
    {"v2.5", 205, "v2-5-istio-cni", "2.5.1", true, true},
    {"v2.6", 206, "v2-6-istio-cni", "2.6.0", true, false},
});

}  // namespace

std::span<const ControlPlaneVersion> control_plane_versions() { return kVersions; }

const ControlPlaneVersion* find_control_plane_version(std::string_view name) {
  const auto row = std::ranges::find(kVersions, name, &ControlPlaneVersion::name);
  return row == kVersions.end() ? nullptr : &*row;
}

const ControlPlaneVersion& nearest_control_plane_version(std::string_view name) {
  const ControlPlaneVersion* nearest = &kVersions.front();
  for (const ControlPlaneVersion& version : kVersions) {
    if (version.name <= name) nearest = &version;
  }
  return *nearest;
}

}  // namespace meshproof
