#include "tests/cli/shell.h"

#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>

#include "tests/cli/run_cli.h"

namespace meshproof {

ShellRun run_shell(const std::string& folder, const std::string& line) {
  const TemporaryFolder streams;
  const std::string path = std::filesystem::path(MESHPROOF_BINARY).parent_path().string();
  const std::string script =
      streams.write("line", "cd '" + folder + "' && PATH='" + path + "':$PATH\n" + line + "\n");
  const std::string whole = "timeout 120 sh " + script + " >" + streams.path("out") + " 2>" +
                            streams.path("err") + " </dev/null";
  const int status = std::system(whole.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(streams.path("out")),
          read_file(streams.path("err"))};
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace meshproof
