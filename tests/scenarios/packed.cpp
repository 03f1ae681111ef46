#include "tests/scenarios/packed.h"

#include <archive.h>
#include <archive_entry.h>
#include <catch2/catch.hpp>
#include <zlib.h>

namespace meshproof {
namespace {

la_ssize_t append(archive*, void* text, const void* bytes, std::size_t count) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

std::string archive_of(const std::vector<PackedFile>& files, int (*set_format)(archive*)) {
  std::string text;
  archive* writer = ::archive_write_new();
  REQUIRE(set_format(writer) == ARCHIVE_OK);
  REQUIRE(::archive_write_open(writer, &text, nullptr, append, nullptr) == ARCHIVE_OK);
  for (const PackedFile& file : files) {
    archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, file.path.c_str());
    ::archive_entry_set_filetype(entry, file.target.empty() ? AE_IFREG : AE_IFLNK);
    ::archive_entry_set_perm(entry, 0644);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(file.text.size()));
    if (!file.target.empty()) ::archive_entry_set_symlink(entry, file.target.c_str());
    REQUIRE(::archive_write_header(writer, entry) == ARCHIVE_OK);
    ::archive_write_data(writer, file.text.data(), file.text.size());
    ::archive_entry_free(entry);
  }
  REQUIRE(::archive_write_close(writer) == ARCHIVE_OK);
  ::archive_write_free(writer);
  return text;
}

}  // namespace

std::string tar_of(const std::vector<PackedFile>& files) {
  return archive_of(files, ::archive_write_set_format_ustar);
}

std::string zip_of(const std::vector<PackedFile>& files) {
  return archive_of(files, ::archive_write_set_format_zip);
}

std::string gzip_of(std::string_view text) {
  constexpr int kGzipOnly = 16;
  z_stream stream{};
  REQUIRE(::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipOnly, 8,
                         Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}

}  // namespace meshproof
