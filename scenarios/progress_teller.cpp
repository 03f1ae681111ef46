#include "scenarios/progress_teller.h"

#include <algorithm>
#include <utility>

namespace meshproof {

void ProgressTeller::tell(const ReadProgress& progress) {
  const std::lock_guard lock(mutex_);
  if (tell_) tell_(progress);
}

void ProgressTeller::expect(std::uint64_t bytes) {
  ++progress_.all_files;
  progress_.all_bytes += bytes;
}

void ProgressTeller::begin(std::uint64_t bytes) {
  bytes_ = bytes;
  texts_begun_ = 0;
  tell(progress_);
}

ByteTally* ProgressTeller::loading() {
  if (!tell_) return nullptr;
  return &tally_.emplace([this](std::uint64_t loaded) {
    ReadProgress now = progress_;
    now.loaded = loaded;
    now.to_load = bytes_;
    tell(now);
  });
}

void ProgressTeller::loaded(std::uint64_t text_bytes) {
  text_bytes_ = text_bytes;
  if (bytes_ > 0) return;
  bytes_ = text_bytes;
  progress_.all_bytes += text_bytes;
}

ByteTally* ProgressTeller::reading(std::uint64_t text_bytes) {
  const std::uint64_t before = std::exchange(texts_begun_, texts_begun_ + text_bytes);
  if (!tell_) return nullptr;
  return &tally_.emplace([this, before, text_bytes](std::uint64_t read) {
    // What is read in two ways, because the first was the wrong one, is no more for that.
    const auto done = static_cast<double>(before + std::min(read, text_bytes));
    const double share = done / static_cast<double>(text_bytes_);
    ReadProgress now = progress_;
    now.bytes += static_cast<std::uint64_t>(share * static_cast<double>(bytes_));
    tell(now);
  });
}

void ProgressTeller::end() {
  ++progress_.files;
  progress_.bytes += bytes_;
  tell(progress_);
}

}  // namespace meshproof
