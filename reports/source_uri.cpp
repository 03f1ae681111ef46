#include "reports/source_uri.h"

#include <fmt/format.h>

namespace meshproof {

std::string source_uri(std::string_view path) {
  constexpr std::string_view kUnreserved = "-._~/!$&'()*+,;=@";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char character : path) {
    const auto byte = static_cast<unsigned char>(character);
    const bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= 'a' && byte <= 'z') ||
                          kUnreserved.find(character) != std::string_view::npos;
    uri += is_plain ? std::string(1, character) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

std::string source_address(std::string_view folder, const SourceLine& line) {
  const std::string fragment = line.line == 0 ? "" : fmt::format("#L{}", line.line);
  return fmt::format("{}/{}{}", folder, source_uri(line.path), fragment);
}

}  // namespace meshproof
