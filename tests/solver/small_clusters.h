#pragma once

#include <array>
#include <cstdint>

#include "model/cluster.h"
#include "tests/solver/evaluate_case.h"

/// Every small cluster: 2 projects × 2 pods × 2 label values, up to 2 policies of up to 1 rule.
namespace meshproof {

/// A network to be in.
struct Setting {
  const char* name;
  Dialect dialect;
  SdnMode mode;
};
inline constexpr std::array kSettings{
    Setting{"kubernetes", kKubernetes, SdnMode::NetworkPolicy},
    Setting{"openshift-sdn/networkpolicy", kSdn, SdnMode::NetworkPolicy},
    Setting{"openshift-sdn/multitenant", kSdn, SdnMode::Multitenant},
    Setting{"ovn-kubernetes", kOvn, SdnMode::NetworkPolicy},
};

/// One cluster with all policies, of which each case takes two at most. `labels`: bit i is the
/// label of the pod i.
class SmallClusters {
 public:
  SmallClusters(const Setting& setting, unsigned labels);

  [[nodiscard]] std::uint32_t count() const {
    return static_cast<std::uint32_t>(all_.policies.size());
  }

  /// With the policies of these numbers; count() stands for none.
  const Cluster& with(std::uint32_t first, std::uint32_t second);

 private:
  Cluster all_;
  Cluster with_;
};

}  // namespace meshproof
