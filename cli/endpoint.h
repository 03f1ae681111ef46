#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/result.h"

namespace meshproof {

/// What the words of one end of a question stand for.
struct EndpointParts {
  std::vector<FlowEnd> ends;
  std::size_t left_out = 0;  ///< parts of a block that would be too many
};

/// One end of a question, as the user wrote it: everything that the words stand for. Never empty.
///
///     shop/web-1            a pod            shop/Deployment/web   the pods of a workload
///     ns=team=blue          projects         label=app in (a,b)    pods, wherever they are
///     203.0.113.9           an address       203.0.113.0/24        a block
///     svc:shop/web          a Service        outside               addresses outside the cluster
///
/// `shop/web` is the workload if there is no such pod, `ns=shop` the project of that name. A block
/// and `outside` stand as one end for each part that rules can tell apart (address_parts.h).
[[nodiscard]] Result<EndpointParts> parse_endpoint(std::string_view text, const Cluster& cluster);

/// One end of a probe: exactly `NAMESPACE/POD`, an address, or `svc:NAMESPACE/NAME`.
[[nodiscard]] Result<FlowEnd> parse_probe_end(std::string_view text, const Cluster& cluster);

/// A selector in kubectl's words: `app=web,tier in (a,b),!legacy,zone!=x`.
[[nodiscard]] Result<LabelSelector> parse_selector(std::string_view text,
                                                   const SymbolTable& symbols);

}  // namespace meshproof
