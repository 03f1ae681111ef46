const char* kText = "a; b [ c";
#include <nlohmann/json.hpp>
#include <z3++.h>

#include "reports/text.h"
