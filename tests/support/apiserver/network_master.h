#pragma once

#include <chrono>

#include "tests/support/apiserver/api_client.h"
#include "tests/support/apiserver/repeating_thread.h"

namespace meshproof {

/// Plays the master of OpenShift SDN in mode Multitenant: gives the projects the networks that
/// their NetNamespaces ask for by annotation (sdn.md 3), and takes the annotation away in the same
/// write. Not as `model/sdn` has it, but written for itself. Off while there is none of it.
class NetworkMaster {
 public:
  /// `delay` passes between a request and the answer. A recorded master took 0.4 s.
  explicit NetworkMaster(const TestServer& server, std::chrono::milliseconds delay = {});

 private:
  void step(const std::stop_token& stop);

  ApiClient client_;
  std::chrono::milliseconds delay_;
  RepeatingThread thread_;  ///< last: it uses the others
};

}  // namespace meshproof
