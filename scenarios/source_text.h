#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.h"
#include "model/source.h"
#include "scenarios/byte_tally.h"
#include "scenarios/files.h"
#include "scenarios/gunzip.h"

namespace meshproof {

/// The text of a file, known to Sources.
struct SourceText {
  std::string name;  ///< as messages show it: a path, `archive.tgz!path`, `<stdin>`
  FileId file;
  bool walked = false;  ///< found in a directory or an archive, not named by the user
  std::shared_ptr<const std::string> text;
  std::size_t named = 0;                      ///< the index of the path that the user gave
  std::optional<GatheredPath> gathered = {};  ///< if it is part of a must-gather
  std::size_t path_start = 0;  ///< of the path in an archive within `name`; 0 outside of archives
};

/// Reads a file and checks that it is text (check_text), packed by gzip or not; empty if it is not,
/// or cannot be read. Errors: `cannot-read`, `too-large`, `archive` (other packed files, with the
/// command that unpacks them), `cannot-unpack` (damaged, cut off or beyond the limits).
[[nodiscard]] std::optional<SourceText> load_file(const InputFile& input, Sources& sources,
                                                  Diagnostics& diagnostics);

/// The same where a tar or zip file stands for the manifests in it, sorted by path; nothing of a
/// damaged one is used. Also `not-a-file` and `no-manifests`, as find_files() tells them of
/// directories. `tally`, unless it is null, is told of the bytes of the file as they come.
[[nodiscard]] std::vector<SourceText> load_files(const InputFile& input, Sources& sources,
                                                 Diagnostics& diagnostics,
                                                 const UnpackLimits& limits = {},
                                                 ByteTally* tally = nullptr);

/// The same as load_file() for a text that is no file.
[[nodiscard]] std::optional<SourceText> load_text(std::string name, std::string text,
                                                  Sources& sources, Diagnostics& diagnostics);

}  // namespace meshproof
