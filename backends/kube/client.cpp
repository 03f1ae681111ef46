#include "backends/kube/client.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "backends/json_tree.h"
#include "backends/kube/status.h"

namespace meshproof::kube {
namespace {

constexpr std::chrono::seconds kFirstContact{2};

Answer<HttpResponse> once(HttpTransport& transport, const HttpRequest& request, bool writes) {
  auto result = transport.send(request);
  if (!result) return tl::unexpected(refusal_of(result.error(), writes));
  return std::move(*result);
}

}  // namespace

Answer<HttpResponse> Client::read(const HttpRequest& request, const PatienceLimits& limits) {
  std::optional<Answer<HttpResponse>> first;
  if (!has_answered_) {
    PatienceLimits short_limits = limits;
    short_limits.at_most = std::min<std::chrono::milliseconds>(limits.at_most, kFirstContact);
    first = ask_patiently(*clock_, short_limits, [&] { return once(*transport_, request, false); });
    if (!*first) return *first;
    has_answered_ = true;
  }
  return ask_patiently(*clock_, limits, [&]() -> Answer<HttpResponse> {
    auto answer = first ? *std::exchange(first, std::nullopt) : once(*transport_, request, false);
    if (!answer || is_success(*answer)) return answer;
    ClusterError error = refusal_of(*answer);
    if (error.is_passing()) return tl::unexpected(std::move(error));
    return answer;
  });
}

Answer<HttpResponse> Client::write(const HttpRequest& request) {
  return once(*transport_, request, true);
}

Answer<Tree> object_of(const Answer<HttpResponse>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  if (!is_success(*answer)) return tl::unexpected(refusal_of(*answer));
  auto tree = tree_of_json(answer->body);
  if (!tree || !tree->is(TreeKind::Mapping)) {
    return tl::unexpected(
        ClusterError{Refusal::Failed, answer->status, "the server's answer is no object"});
  }
  return std::move(*tree);
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-._~").find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

}  // namespace meshproof::kube
