#include <string>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include "model/upwards.h"
#include "solver/sideways.h"
