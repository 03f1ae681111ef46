#include "backends/request_credentials.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace meshproof {
namespace {

/// A token of a file, without the line's end; nothing that could end a header's line is in it.
tl::expected<std::string, std::string> token_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file.is_open() || !(text << file.rdbuf())) {
    return tl::unexpected(fmt::format("the token file {} cannot be read: {}", path,
                                      std::generic_category().message(errno)));
  }
  std::string token = text.str();
  const auto is_space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!token.empty() && is_space(token.back())) token.pop_back();
  while (!token.empty() && is_space(token.front())) token.erase(0, 1);
  if (token.empty()) return tl::unexpected(fmt::format("the token file {} is empty", path));
  return token;
}

}  // namespace

RequestCredentials::RequestCredentials(const ClusterAddress& address, Clock& clock)
    : credentials_(address.credentials) {
  // As for kubectl: what the kubeconfig itself holds goes first.
  const bool has_token = !credentials_.token.empty() || !credentials_.token_file.empty();
  if (credentials_.exec && !has_token) exec_ = std::make_unique<ExecCredentials>(address, clock);
}

tl::expected<Identity, std::string> RequestCredentials::current() {
  Identity identity{credentials_.certificate, credentials_.key, credentials_.token,
                    credentials_.username, credentials_.password};
  if (exec_) {
    const auto made = exec_->current();
    if (!made) return tl::unexpected(made.error());
    if (!made->token.empty()) identity.token = made->token;
    if (!made->certificate.empty()) {
      identity.certificate = made->certificate;
      identity.key = made->key;
    }
  } else if (!credentials_.token_file.empty()) {
    auto token = token_of(credentials_.token_file);
    if (!token) return tl::unexpected(std::move(token.error()));
    identity.token = std::move(*token);
  }
  if (identity.token.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos) {
    return tl::unexpected(std::string{"the token has more than one line"});
  }
  return identity;
}

bool RequestCredentials::renew() {
  if (!exec_) return false;
  exec_->discard();
  return true;
}

}  // namespace meshproof
