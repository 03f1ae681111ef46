#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "scenarios/must_gather.h"

namespace meshproof {

/// The path that means standard input.
inline constexpr std::string_view kStandardInput = "-";

/// A file that the user named, or that a walk through a named directory found.
struct InputFile {
  std::string path;  ///< `-` is standard input
  bool walked = false;
  std::size_t named = 0;                      ///< the index of the path that the user gave
  std::optional<GatheredPath> gathered = {};  ///< if it is part of a must-gather
};

/// True for the names of files that are read in directories and archives: .yaml, .yml and .json,
/// and Kustomization, which is then refused.
[[nodiscard]] bool is_manifest_name(std::string_view path);
/// True for the names of packed files, which are not read in directories and archives; logs do not
/// count.
[[nodiscard]] bool is_packed_name(std::string_view path);

/// Tells what a must-gather leaves out (`must-gather`, a note), and packed files, which were passed
/// by (`packed-file-inside`, a note; in a must-gather they are logs). `tree` is a directory or an
/// archive.
void tell_left_out(const TreeSelection& selection, const std::vector<std::string>& packed,
                   std::string_view tree, Diagnostics& diagnostics);

/// The files behind the paths, in the order of the paths; a directory stands for the .yaml, .yml
/// and .json files below it, sorted by path, each once even where symbolic links lead in circles;
/// of a must-gather only for those with objects (must_gather.h). Hidden version-control folders are
/// left out. Errors: `cannot-read` with the system's reason, `not-a-file` (a device, or a FIFO
/// inside of a directory), `no-manifests` (a directory without any), `stdin-twice`.
[[nodiscard]] std::vector<InputFile> find_files(const std::vector<std::string>& paths,
                                                Diagnostics& diagnostics);

}  // namespace meshproof
