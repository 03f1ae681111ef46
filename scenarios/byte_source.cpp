#include "scenarios/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace meshproof {

ByteSource bytes_of(int descriptor) {
  return [descriptor](std::span<char> to, std::string& failure) -> std::size_t {
    while (true) {
      const ssize_t count = ::read(descriptor, to.data(), to.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno == EINTR) continue;
      failure = std::system_category().message(errno);
      return 0;
    }
  };
}

ByteSource bytes_after(std::string first, ByteSource rest) {
  return [first = std::move(first), at = std::size_t{0}, rest = std::move(rest)](
             std::span<char> to, std::string& failure) mutable -> std::size_t {
    const std::size_t count = std::min(to.size(), first.size() - at);
    if (count == 0) return rest(to, failure);
    std::copy_n(first.data() + at, count, to.data());
    at += count;
    return count;
  };
}

void read_bytes(const ByteSource& source, std::size_t count, std::string& text,
                std::string& failure) {
  // A string's room can only be had filled: appending what comes is one pass over it less.
  constexpr std::size_t kAtOnce = std::size_t{128} << 10;
  std::vector<char> room(std::min(count, kAtOnce));
  text.reserve(text.size() + count);
  for (std::size_t left = count; left > 0;) {
    const std::size_t more = source(std::span{room}.first(std::min(left, room.size())), failure);
    if (more == 0) break;
    text.append(room.data(), more);
    left -= more;
  }
}

}  // namespace meshproof
