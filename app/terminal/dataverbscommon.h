// What the data verbs share: the workspace without an engine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/observe/clocks.h"
#include "app/rows/targettable.h"
#include "app/terminal/verb.h"
#include "engine/admin/tableadmincalls.h"

namespace tributary::app {

/// The workspace that a verb works in, without an engine of its own.
[[nodiscard]] inline Result<std::unique_ptr<Session>> openSession(const VerbContext& context) {
    return Session::open({context.workspaceDir, context.user, false});
}

/// `diff A B`.
[[nodiscard]] Verb diffVerb();
/// `load PATH FILE.csv` and `load PATH --generate N`.
[[nodiscard]] Verb loadVerb();

}  // namespace tributary::app
