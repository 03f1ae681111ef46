#include <sys/resource.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "model/upwards.h"
#include "solver/sideways.h"
