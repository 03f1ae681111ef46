#pragma once

#include <string>

#include "backends/cluster.h"
#include "backends/http.h"

namespace meshproof::kube {

/// What an answer of another status than 2xx says: the words of its Status object with their
/// causes, else its first line, in one line.
[[nodiscard]] ClusterError refusal_of(const HttpResponse& response);
/// The same for a Status that comes as an event of a watch.
[[nodiscard]] ClusterError refusal_of_status(const Tree& status);
/// There was no answer; of a request that `writes` it says whether it may have been carried out.
[[nodiscard]] ClusterError refusal_of(const HttpFailure& failure, bool writes);

/// 404 that tells of one object of a kind that is served.
[[nodiscard]] bool is_missing_object(const HttpResponse& response, std::string_view name);

}  // namespace meshproof::kube
