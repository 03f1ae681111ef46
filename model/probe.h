#pragma once

#include <cstdint>
#include <string>

#include "model/port_set.h"
#include "model/source.h"

namespace meshproof {

/// One flow to judge, as written: an end is `namespace/pod`, an address or `svc:namespace/name`.
struct Probe {
  std::string src;
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;  ///< 1..65535; 0 with ICMP
  Place place;
};

}  // namespace meshproof
