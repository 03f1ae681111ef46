#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace meshproof {

/// A block of a document: fenced, or indented by four columns.
struct ShownBlock {
  std::string file;
  std::size_t line = 0;  ///< of its first line
  std::string mark;      ///< what stands behind the fence; of an indented block `indented`
  std::string above;     ///< the last line of text before it
  std::vector<std::string> lines;

  /// The first of its lines that has a command of meshproof; empty if none has.
  [[nodiscard]] std::string first_command() const;
};

/// Marks of blocks whose commands are run, each behind a `$ `, with what they print below them: in
/// a folder that is new for each document, but for its `docs` and `scenarios`, and in which those
/// of one mark follow each other. A line `…` stands for any lines; below a command that is followed
/// by nothing anything may come. A YAML block below a line that ends with `NAME`: is that file
/// there.
inline constexpr const char* kRunBlock = "console";
/// The same for what needs a cluster, which is that of KUBECONFIG.
inline constexpr const char* kClusterBlock = "console cluster";

/// README.md, CONTRIBUTING.md and all of docs.
[[nodiscard]] std::vector<std::string> shown_documents();
[[nodiscard]] std::vector<ShownBlock> blocks_in(const std::string& file);

/// A command of a block, and what it prints there.
struct ShownCommand {
  std::size_t line = 0;
  std::string words;   ///< as a shell takes them, without the remark behind them
  std::string output;  ///< that is shown; empty: anything may come
};
/// What a document shows in blocks of this mark.
[[nodiscard]] std::vector<ShownCommand> shown_commands(const std::string& file,
                                                       const std::string& mark);

/// Runs what a document shows in blocks of this mark, and checks that each command has a result:
/// no wrong usage, no failure, and what is printed as shown. `environment` is put in front, in
/// words of sh. Returns how many it ran.
std::size_t run_shown(const std::string& file, const std::string& mark,
                      const std::string& environment = {});

}  // namespace meshproof
