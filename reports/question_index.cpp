#include "reports/question_index.h"

#include "reports/json.h"

namespace meshproof {

std::string question_index_json(const std::vector<QuestionFile>& files) {
  Json questions = Json::array();
  for (const QuestionFile& each : files) {
    questions.push_back({{"file", each.file},
                         {"statement", each.statement},
                         {"project", each.about},
                         {"expected", each.expected},
                         {"sha256", each.sha256}});
  }
  Json index = contract();
  index["questions"] = std::move(questions);
  return dump(index);
}

}  // namespace meshproof
