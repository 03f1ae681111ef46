#include "scenarios/gunzip.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace meshproof {
namespace {

/// zlib keeps a pointer to its stream, so the state of one file stays where it is.
class Inflation {
 public:
  Inflation(ByteSource packed, const UnpackLimits& limits)
      : packed_(std::move(packed)), limits_(limits) {
    constexpr int kGzipOnly = 16;
    is_ready_ = ::inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK;
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() {
    if (is_ready_) ::inflateEnd(&stream_);
  }

  std::size_t read(std::span<char> to, std::string& failure) {
    if (!is_ready_) failure = "there is no memory to unpack it";
    if (!is_ready_ || is_done_ || to.empty()) return 0;
    constexpr std::size_t kMost = std::size_t{1} << 30;
    const std::size_t room = std::min(to.size(), kMost);
    stream_.next_out = reinterpret_cast<Bytef*>(to.data());
    stream_.avail_out = static_cast<uInt>(room);
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0 && !refill(failure)) return 0;
      if (is_between_ && !begin_member(failure)) return 0;
      const int result = ::inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        is_between_ = true;
      } else if (result != Z_OK && stream_.avail_in != 0) {
        failure = fmt::format("damaged: {}", stream_.msg == nullptr ? "no gzip" : stream_.msg);
        return 0;
      }
    }
    const std::size_t count = room - stream_.avail_out;
    unpacked_ += count;
    failure = overflow();
    return failure.empty() ? count : 0;
  }

 private:
  /// False at the end of the file, which is a failure inside of a member.
  bool refill(std::string& failure) {
    stream_.avail_in = static_cast<uInt>(packed_(input_, failure));
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    read_ += stream_.avail_in;
    if (stream_.avail_in != 0) return true;
    is_done_ = true;
    if (failure.empty() && !is_between_) failure = "cut off before its end";
    return false;
  }

  /// After the end of a member: another one, or padding of zeros up to the end of the file.
  bool begin_member(std::string& failure) {
    while (*stream_.next_in == 0) {
      ++stream_.next_in;
      if (--stream_.avail_in == 0 && !refill(failure)) return false;
    }
    is_between_ = false;
    ::inflateReset(&stream_);
    return true;
  }

  [[nodiscard]] std::string overflow() const {
    if (unpacked_ > limits_.passed) {
      return fmt::format("more than {} MB are in it", limits_.passed >> 20U);
    }
    return too_dense(unpacked_, read_, limits_);
  }

  ByteSource packed_;
  UnpackLimits limits_;
  std::array<char, std::size_t{1} << 16U> input_{};
  z_stream stream_{};
  std::uint64_t read_ = 0;
  std::uint64_t unpacked_ = 0;
  bool is_ready_ = false;
  bool is_done_ = false;
  bool is_between_ = false;
};

}  // namespace

std::string too_dense(std::uint64_t unpacked, std::uint64_t packed, const UnpackLimits& limits) {
  if (unpacked <= limits.ratio_from || unpacked / limits.ratio <= packed) return {};
  return fmt::format("it unpacks to more than {} times its size, as no real dump does",
                     limits.ratio);
}

ByteSource gunzip(ByteSource packed, const UnpackLimits& limits) {
  auto inflation = std::make_shared<Inflation>(std::move(packed), limits);
  return [inflation = std::move(inflation)](std::span<char> to, std::string& failure) {
    return inflation->read(to, failure);
  };
}

}  // namespace meshproof
