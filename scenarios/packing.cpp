#include "scenarios/packing.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/shell.h"

namespace meshproof {
namespace {

using namespace std::string_view_literals;

struct PackingRow {
  std::size_t offset;
  std::string_view magic;
  Packing packing;
  std::string_view what;
  std::string_view command;  ///< `{}` stands for the file's name
};

constexpr std::array kPackings = std::to_array<PackingRow>({
    {0, "\x1f\x8b"sv, Packing::Gzip, "a gzip file", "gunzip {}"},
    {257, "ustar"sv, Packing::Tar, "a tar file", "tar -xf {} -C DIR"},
    {0, "PK\x03\x04"sv, Packing::Zip, "a zip file", "unzip {} -d DIR"},
    {0, "PK\x05\x06"sv, Packing::Zip, "a zip file", "unzip {} -d DIR"},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     Packing::Foreign, "an xz file", "xz -d {}"},
    {0, "\x28\xb5\x2f\xfd"sv, Packing::Foreign, "a zstd file", "zstd -d {}"},
    {0, "\x04\x22\x4d\x18"sv, Packing::Foreign, "an lz4 file", "lz4 -d {}"},
    {0, "BZh"sv, Packing::Foreign, "a bzip2 file", "bunzip2 {}"},
    {0, "7z\xbc\xaf\x27\x1c"sv, Packing::Foreign, "a 7z file", "7z x {} -oDIR"},
    {0, "Rar!\x1a\x07"sv, Packing::Foreign, "a rar file", "unrar x {} DIR/"},
    {0, "\x1f\x9d"sv, Packing::Foreign, "a compress file", "uncompress {}"},
});

const PackingRow* row_of(std::string_view first_bytes) {
  const auto* row = std::ranges::find_if(kPackings, [&](const PackingRow& each) {
    return first_bytes.size() >= each.offset &&
           first_bytes.substr(each.offset).starts_with(each.magic);
  });
  return row == kPackings.end() ? nullptr : row;
}

/// What no text has: bzip2's three letters alone could begin one.
bool has_control(std::string_view first_bytes) {
  return std::ranges::any_of(first_bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
}

}  // namespace

Packing packing_of(std::string_view first_bytes) {
  const PackingRow* row = row_of(first_bytes.substr(0, kPackingBytes));
  if (row == nullptr) return Packing::None;
  return has_control(first_bytes.substr(0, kPackingBytes)) ? row->packing : Packing::None;
}

std::string unpack_advice(std::string_view first_bytes, std::string_view name) {
  const PackingRow* row = row_of(first_bytes);
  if (row == nullptr) return {};
  const std::string command = fmt::format(fmt::runtime(row->command), shell_word(name));
  return fmt::format("this is {}: unpack it first, {}, and give what comes out", row->what,
                     command);
}

}  // namespace meshproof
