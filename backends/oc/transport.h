#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "backends/http.h"
#include "backends/process.h"

namespace meshproof::oc {

/// How oc or kubectl is called.
struct Program {
  std::string name;             ///< looked for in PATH, or a path; empty: oc, else kubectl
  std::string kubeconfig = {};  ///< empty: what the program takes by itself
  std::string context = {};     ///< likewise
  std::chrono::milliseconds at_most = std::chrono::seconds{60};  ///< for one call
};

/// Requests by oc or kubectl, which hold the credentials: reads, creations and deletions with
/// --raw, which leaves answers as the server gives them, patches as `patch` and `apply
/// --server-side`. Its words about refusals become the Status that they were made of. Watches are
/// programs that run side by side. Every argument is one word of an array: there is no
/// shell. The error says why there is no such program, or which server it would speak to.
[[nodiscard]] tl::expected<std::unique_ptr<HttpTransport>, std::string> open_transport(
    Program program);

}  // namespace meshproof::oc
