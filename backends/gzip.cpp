#include "backends/gzip.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

#include <zlib.h>

namespace meshproof {

struct GzipPacker::Stream {
  z_stream state{};
};

GzipPacker::GzipPacker() : stream_(std::make_unique<Stream>()) {
  constexpr int kGzipHeader = 16;
  const int begun = deflateInit2(&stream_->state, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                 MAX_WBITS + kGzipHeader, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
  if (begun != Z_OK) throw std::bad_alloc();  // The settings are right: only memory can lack.
}

GzipPacker::~GzipPacker() { deflateEnd(&stream_->state); }

void GzipPacker::run(std::string_view piece, int flush) {
  z_stream& state = stream_->state;
  // zlib only reads what it is given, but its pointer says otherwise.
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
  state.avail_in = static_cast<uInt>(piece.size());
  std::array<char, std::size_t{1} << 16U> out{};
  int ended = Z_OK;
  do {
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = out.size();
    ended = deflate(&state, flush);
    packed_.append(out.data(), out.size() - state.avail_out);
  } while (state.avail_out == 0 || (flush == Z_FINISH && ended != Z_STREAM_END));
}

void GzipPacker::add(std::string_view piece) {
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  while (!piece.empty()) {
    const std::size_t size = std::min(piece.size(), kMost);
    run(piece.substr(0, size), Z_NO_FLUSH);
    piece.remove_prefix(size);
  }
}

std::string GzipPacker::finish() {
  run({}, Z_FINISH);
  return std::move(packed_);
}

}  // namespace meshproof
