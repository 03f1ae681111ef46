#include <spdlog/spdlog.h>

#include "../model/upwards.h"
#include "sideways.h"
