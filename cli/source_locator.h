#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/report.h"
#include "model/source.h"

namespace meshproof {

/// The line with its address below that of the folder of the run, if that is not empty and shows
/// the file: one below that folder, as text and not in an archive.
[[nodiscard]] SourceLine with_address(SourceLine line, const std::string& url);

/// Finds for a place the line that a person can edit. What a renderer wrote into its output says
/// where it comes from: the annotation `config.kubernetes.io/origin` of kustomize, the comment
/// `# Source:` of helm. Of such a file the line of the object is told if the file is there and
/// shows an object of this kind and name (or one that a prefix or suffix was put to), else the file
/// alone.
class SourceLocator {
 public:
  /// `root` is where the paths of renderers begin, `url` the address of the folder of the run or
  /// empty. Refers to the sources.
  SourceLocator(const Sources& sources, std::string root, std::string url = {})
      : sources_(sources), root_(std::move(root)), url_(std::move(url)) {}

  [[nodiscard]] SourceLine operator()(const Place& place) const;

 private:
  /// A document of a stream with what it says of itself.
  struct Document {
    std::string origin;  ///< empty: it does not say
    std::string kind;
    std::string name;
  };
  /// Where lines and documents of a text begin.
  struct Lines {
    std::vector<std::size_t> begins;
    std::vector<std::size_t> documents;
  };
  [[nodiscard]] const Lines& lines_of(FileId file) const;
  [[nodiscard]] std::string_view line_at(const Place& place) const;
  [[nodiscard]] const Document& document_at(const Place& place) const;
  [[nodiscard]] SourceLine line_in(const Document& document) const;

  const Sources& sources_;
  std::string root_;
  std::string url_;
  mutable std::map<FileId, Lines> files_;
  mutable std::map<std::pair<FileId, std::size_t>, Document> documents_;
  mutable std::map<std::pair<std::string, std::string>, SourceLine> lines_;
};

}  // namespace meshproof
