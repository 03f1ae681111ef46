#include "model/reachability.h"

namespace meshproof {

std::string to_string(const EndpointName& end) {
  if (!end.cidr.empty()) return end.cidr;
  const std::string name = end.kind + '/' + end.name;
  return end.ns.empty() ? name : end.ns + '/' + name;
}

}  // namespace meshproof
