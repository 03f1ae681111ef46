#include "scenarios/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

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
  std::size_t filled = text.size();
  const std::size_t wanted = filled + count;
  text.resize(wanted);
  while (filled < wanted) {
    const std::size_t more = source(std::span{text}.subspan(filled), failure);
    if (more == 0) break;
    filled += more;
  }
  text.resize(filled);
}

}  // namespace meshproof
