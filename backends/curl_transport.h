#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "backends/clock.h"
#include "backends/http.h"
#include "model/kubeconfig.h"

namespace meshproof {

struct TransportLimits {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds silence{30'000};         ///< no byte of an answer that has to end
  std::chrono::milliseconds request{60'000};         ///< the whole of one
  std::size_t most_bytes = std::size_t{256} << 20U;  ///< of an answer, unpacked
};

/// Reaches an API server by libcurl: HTTP/2 or 1.1, TLS 1.2 or later, verified unless the address
/// says otherwise. Proxies are those of the address, else those that HTTPS_PROXY and NO_PROXY name,
/// which loopback addresses never use. Redirects are not followed. Only reads use connections
/// again, because libcurl repeats what it sent on one that turns out to be closed. No message holds
/// a credential.
[[nodiscard]] std::unique_ptr<HttpTransport> open_curl_transport(ClusterAddress address,
                                                                 const TransportLimits& limits = {},
                                                                 Clock& clock = system_clock());

}  // namespace meshproof
