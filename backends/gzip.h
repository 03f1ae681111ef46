#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace meshproof {

/// Packs a text by gzip while it comes in, so that it need not be held whole.
class GzipPacker {
 public:
  GzipPacker();
  ~GzipPacker();
  GzipPacker(const GzipPacker&) = delete;
  GzipPacker& operator=(const GzipPacker&) = delete;

  void add(std::string_view piece);
  /// All that was added, packed; once.
  [[nodiscard]] std::string finish();

 private:
  struct Stream;

  void run(std::string_view piece, int flush);

  std::unique_ptr<Stream> stream_;
  std::string packed_;
};

}  // namespace meshproof
