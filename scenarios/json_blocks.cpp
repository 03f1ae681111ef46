#include "scenarios/json_blocks.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace meshproof {
namespace {

/// Both opening brackets differ from each other in this bit only, and so do both closing ones.
constexpr char kBracketBit = 0x20;

#if defined(__SSE2__)

constexpr std::size_t kLane = sizeof(__m128i);

/// The bytes that are `wanted` when the bits of `folded` are set in them.
std::uint64_t equal_bytes(const char* text, char folded, char wanted) {
  std::uint64_t bits = 0;
  for (std::size_t at = 0; at < JsonBlock::kBytes; at += kLane) {
    __m128i bytes;
    std::memcpy(&bytes, text + at, kLane);
    bytes = _mm_or_si128(bytes, _mm_set1_epi8(folded));
    const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted)));
    bits |= std::uint64_t{static_cast<std::uint32_t>(mask)} << at;
  }
  return bits;
}

JsonBlock classify(const char* text) {
  return {equal_bytes(text, 0, '"'), equal_bytes(text, 0, '\\'),
          equal_bytes(text, kBracketBit, '{'), equal_bytes(text, kBracketBit, '}'),
          equal_bytes(text, 0, '\n')};
}

#else

JsonBlock classify(const char* text) {
  JsonBlock block;
  for (std::size_t i = 0; i < JsonBlock::kBytes; ++i) {
    const char c = text[i];
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (c == '"') block.quotes |= bit;
    if (c == '\\') block.backslashes |= bit;
    if ((c | kBracketBit) == '{') block.opens |= bit;
    if ((c | kBracketBit) == '}') block.closes |= bit;
    if (c == '\n') block.line_ends |= bit;
  }
  return block;
}

#endif

}  // namespace

JsonBlock block_of(std::string_view text) {
  if (text.size() >= JsonBlock::kBytes) return classify(text.data());
  std::array<char, JsonBlock::kBytes> padded{};
  std::memcpy(padded.data(), text.data(), text.size());
  return classify(padded.data());
}

std::uint64_t JsonStrings::escaped(std::uint64_t backslashes) {
  std::uint64_t found = is_escaped_ ? 1 : 0;
  std::uint64_t left = backslashes & ~found;
  is_escaped_ = false;
  while (left != 0) {
    const int at = std::countr_zero(left);
    left &= left - 1;
    if (at == 63) {
      is_escaped_ = true;
      break;
    }
    const std::uint64_t behind = std::uint64_t{1} << (at + 1);
    found |= behind;
    left &= ~behind;
  }
  return found;
}

std::uint64_t JsonStrings::next(const JsonBlock& block) {
  std::uint64_t inside = block.quotes;
  if (block.backslashes != 0 || is_escaped_) inside &= ~escaped(block.backslashes);
  // Each bit becomes the parity of the quotes up to it.
  for (unsigned shift = 1; shift < JsonBlock::kBytes; shift *= 2) inside ^= inside << shift;
  inside ^= in_string_;
  in_string_ = inside >> 63U != 0 ? ~std::uint64_t{0} : 0;
  return inside;
}

}  // namespace meshproof
