#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.h"
#include "model/source.h"

namespace meshproof {

/// A file that the user named, or that a walk through a named directory found.
struct InputFile {
  std::string path;  ///< `-` is standard input
  bool walked = false;
};

/// The files behind the paths, in the order of the paths; a directory stands for the .yaml, .yml
/// and .json files below it, sorted by path, each once even where symbolic links lead in circles.
/// Hidden version-control folders are left out. Errors: `cannot-read` with the system's reason,
/// `not-a-file` (a device, or a FIFO inside of a directory), `stdin-twice`.
[[nodiscard]] std::vector<InputFile> find_files(const std::vector<std::string>& paths,
                                                Diagnostics& diagnostics);

/// A file's text, known to Sources.
struct SourceText {
  std::string name;
  FileId file;
  bool walked = false;
  std::shared_ptr<const std::string> text;
};

/// Reads a file and checks that it is text (check_text); empty if it is not, or cannot be read.
[[nodiscard]] std::optional<SourceText> load_file(const InputFile& input, Sources& sources,
                                                  Diagnostics& diagnostics);

/// The same for a text that is no file.
[[nodiscard]] std::optional<SourceText> load_text(std::string name, std::string text,
                                                  Sources& sources, Diagnostics& diagnostics);

}  // namespace meshproof
