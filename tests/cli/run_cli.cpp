#include "tests/cli/run_cli.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "cli/run.h"
#include "scenarios/document.h"

namespace meshproof {

CliRun run_cli(const std::vector<std::string>& args, const Screen& screen) {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = run(args, out, err, screen);
  return {code, out.str(), err.str()};
}

Tree json_of(const CliRun& run) {
  std::vector<Document> documents = parse_documents(run.out, {});
  return documents.empty() ? Tree::null() : std::move(documents.front().tree);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace meshproof
