#include "scenarios/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "model/utf8.h"
#include "scenarios/packing.h"

namespace meshproof {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

Diagnostic fault(std::string code, std::string message) {
  return {.place = {},
          .code = std::move(code),
          .message = std::move(message),
          .notes = {},
          .subject = {}};
}

bool is_utf16(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return true;
  // Without a byte order mark: every second byte of Latin text is zero.
  return text.size() >= 4 && ((text[0] != 0 && text[1] == 0 && text[2] != 0 && text[3] == 0) ||
                              (text[0] == 0 && text[1] != 0 && text[2] == 0 && text[3] != 0));
}

bool is_refused_control(unsigned byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
}

/// The first byte from `at` on that is not printable ASCII, by words of eight; the one that begins
/// the word in which it stands will do.
std::size_t plain_until(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    // The high bit of a byte: of one that is no ASCII, below 0x20, or 0x7f; of others, too, above
    // such a one.
    const std::uint64_t below = (word - kOnes * 0x20) & ~word;
    const std::uint64_t is_delete = (word ^ kOnes * 0x7f) - kOnes;
    if (((word | below | is_delete) & kOnes * 0x80) != 0) break;
  }
  return at;
}

/// Line and column of a position.
Place place_at(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1);
  const auto start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? at + 1 : at - start;
  return {.file = {}, .line = line, .column = static_cast<std::uint32_t>(column)};
}

}  // namespace

std::optional<Diagnostic> check_text(std::string& text, std::string_view name) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  if (packing_of(text) != Packing::None) return fault("archive", unpack_advice(text, name));
  if (is_utf16(text)) {
    return fault("utf-16",
                 "this is UTF-16, as PowerShell's > writes it: write the file with "
                 "| Out-File -Encoding utf8 instead");
  }
  for (std::size_t at = 0; at < text.size();) {
    at = plain_until(text, at);
    if (at == text.size()) break;
    const unsigned byte = byte_at(text, at);
    const std::size_t length = utf8_length(text, at);
    if (length != 0 && !is_refused_control(byte)) {
      at += length;
      continue;
    }
    Diagnostic found =
        length == 0
            ? fault("not-utf8", fmt::format("the byte 0x{:02x} is not UTF-8 here", byte))
            : fault("control-character",
                    fmt::format("the control character 0x{:02x} does not belong in a manifest",
                                byte));
    found.place = place_at(text, at);
    return found;
  }
  return std::nullopt;
}

std::string replace_bad_utf8(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes, at);
    text += length == 0 ? std::string_view{"\xef\xbf\xbd"} : bytes.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return text;
}

}  // namespace meshproof
