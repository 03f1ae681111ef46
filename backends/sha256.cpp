#include "backends/sha256.h"

#include <array>
#include <cstddef>
#include <fstream>
#include <memory>

#include <openssl/evp.h>

namespace meshproof {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string in_hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kBytes = 32;
  std::string hex;
  for (std::size_t i = 0; i < kBytes; ++i) {
    hex += kDigits[digest.at(i) >> 4U];
    hex += kDigits[digest.at(i) & 0xfU];
  }
  return hex;
}

}  // namespace

std::string sha256(std::string_view text) {
  Digest digest{};
  // It fails only if OpenSSL has no SHA-256; then the digest is all zeros, which is no name's.
  (void)EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return in_hex(digest);
}

std::optional<std::string> sha256_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  if (!file || !context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
    return std::nullopt;
  }
  constexpr std::size_t kBlock = std::size_t{1} << 16U;
  std::string block(kBlock, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    (void)EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(file.gcount()));
  }
  Digest digest{};
  if (file.bad() || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    return std::nullopt;
  }
  return in_hex(digest);
}

std::string short_sha256(std::string_view text) { return sha256(text).substr(0, 16); }

}  // namespace meshproof
