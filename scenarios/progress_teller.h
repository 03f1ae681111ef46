#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "scenarios/byte_tally.h"
#include "scenarios/read.h"

namespace meshproof {

/// Tells how far the reading of files is, one file after the other, to whoever wants to know; if
/// that is nobody, it does nothing.
class ProgressTeller {
 public:
  using Tell = std::function<void(const ReadProgress&)>;

  /// `tell`, which may be empty, has to outlive this.
  explicit ProgressTeller(const Tell& tell) : tell_(tell) {}

  /// There is a file of so many bytes; of zero, if that is not known.
  void expect(std::uint64_t bytes);

  /// The next file, which was expected like this, begins.
  void begin(std::uint64_t bytes);
  /// For what comes of it; null if nobody wants to know.
  [[nodiscard]] ByteTally* loading();
  /// All of it has come: so many bytes of text.
  void loaded(std::uint64_t text_bytes);
  /// The same as loading() for what is read of its next text, of so many bytes.
  [[nodiscard]] ByteTally* reading(std::uint64_t text_bytes);
  /// It is read.
  void end();

 private:
  void tell(const ReadProgress& progress);

  const Tell& tell_;
  std::mutex mutex_;
  ReadProgress progress_;          ///< at the beginning of the file
  std::uint64_t bytes_ = 0;        ///< of the file
  std::uint64_t text_bytes_ = 0;   ///< of all its texts
  std::uint64_t texts_begun_ = 0;  ///< bytes of those that are read or being read
  std::optional<ByteTally> tally_;
};

}  // namespace meshproof
