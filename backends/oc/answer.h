#pragma once

#include <string_view>

#include "backends/http.h"
#include "backends/process.h"

namespace meshproof::oc {

/// What an API server answered to a request that oc or kubectl sent, as it would have come over
/// HTTP: on success the body is what the program printed; else the program's words about the
/// refusal as a Status. `method` is that of the request. There was no answer: HttpFailure. What the
/// program itself did not understand (no such context, an unknown option) is status 400.
[[nodiscard]] HttpResult<HttpResponse> answer_of(const ProcessEnd& end, std::string_view method);

}  // namespace meshproof::oc
