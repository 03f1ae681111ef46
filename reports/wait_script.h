#pragma once

#include <string>

#include "model/effects.h"
#include "model/safe_order.h"

namespace meshproof {

/// Shell functions that wait until oc sees something; the lines below call them.
[[nodiscard]] std::string wait_functions();

/// The line that waits until an object is as awaited; where oc cannot tell, that asks a person.
[[nodiscard]] std::string wait_line(const AwaitedObject& awaited);
/// The same of an effect.
[[nodiscard]] std::string wait_line(const Effect& effect);

/// The line that waits for the network; NETWORK_SECONDS overrides. Nothing for 0.
[[nodiscard]] std::string sleep_line(unsigned seconds);

}  // namespace meshproof
