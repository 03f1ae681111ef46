# meshproof_embed_files(OUTPUT HEADER FUNCTION file...)
# Writes a source file that defines FUNCTION, which HEADER declares: the texts of the files by their
# names, in the order given, so that the program needs no file beside it. Read again when one of them
# changes.
function(meshproof_embed_files output header function)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
  set(rows "")
  foreach(file IN LISTS ARGN)
    cmake_path(GET file FILENAME name)
    file(READ "${file}" text)
    string(APPEND rows "    EmbeddedFile{\"${name}\", R\"EMBEDDED(${text})EMBEDDED\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT [[
#include <array>

#include "@header@"

namespace meshproof {
namespace {

constexpr auto kFiles = std::to_array<EmbeddedFile>({
@rows@});

}  // namespace

std::span<const EmbeddedFile> @function@() { return kFiles; }

}  // namespace meshproof
]])
endfunction()
