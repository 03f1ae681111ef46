#include "backends/sha256.h"

#include <array>
#include <cstddef>

#include <openssl/evp.h>

namespace meshproof {

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  // It fails only if OpenSSL has no SHA-256; then the digest is all zeros, which is no name's.
  (void)EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kBytes = 32;
  std::string hex;
  for (std::size_t i = 0; i < kBytes; ++i) {
    hex += kDigits[digest.at(i) >> 4U];
    hex += kDigits[digest.at(i) & 0xfU];
  }
  return hex;
}

std::string short_sha256(std::string_view text) { return sha256(text).substr(0, 16); }

}  // namespace meshproof
