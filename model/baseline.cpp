#include "model/baseline.h"

namespace meshproof {

bool Baseline::has(const std::string& cluster, const std::string& fingerprint,
                   std::uint64_t count) const {
  const auto entries = clusters.find(cluster);
  if (entries == clusters.end()) return false;
  const auto entry = entries->second.find(fingerprint);
  return entry != entries->second.end() && count <= entry->second;
}

std::string cluster_of_run(std::string_view id) {
  for (int parts = 0; parts < 2; ++parts) {
    const std::size_t slash = id.find('/');
    if (slash == std::string_view::npos) return {};
    id.remove_prefix(slash + 1);
  }
  return std::string{id.substr(0, id.rfind('/'))};
}

}  // namespace meshproof
