#include "model/flow.h"

namespace meshproof {
namespace {

struct EndText {
  const Cluster& cluster;

  std::string operator()(PodId id) const {
    const Pod& pod = cluster.at(id);
    return cluster.at(pod.ns).name + '/' + pod.name;
  }
  std::string operator()(const IpAddress& address) const { return address.to_string(); }
  std::string operator()(ServiceId id) const {
    const Service& service = cluster.at(id);
    return "svc:" + cluster.at(service.ns).name + '/' + service.name;
  }
};

}  // namespace

std::string to_string(const FlowEnd& end, const Cluster& cluster) {
  return std::visit(EndText{cluster}, end);
}

}  // namespace meshproof
