#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

namespace meshproof {

/// Adds up how many bytes of something long have been read, by several threads, for a person who
/// waits: whoever wants to know is told after each quarter of a megabyte, by the thread that read
/// it.
class ByteTally {
 public:
  explicit ByteTally(std::function<void(std::uint64_t bytes)> tell) : tell_(std::move(tell)) {}

  void add(std::uint64_t bytes);
  /// So many bytes have to be read once more.
  void take_back(std::uint64_t bytes) { bytes_ -= bytes; }
  /// Everything has.
  void restart() { bytes_ = 0; }

 private:
  const std::function<void(std::uint64_t)> tell_;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace meshproof
