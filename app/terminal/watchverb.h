// watch: the dashboard.
#pragma once

#include "app/terminal/verb.h"

namespace tributary::app {

/// `watch`, `watch --once`, `watch --once --json`. Keys pause or resume the chosen link, after a question.
[[nodiscard]] Verb watchVerb();

}  // namespace tributary::app
