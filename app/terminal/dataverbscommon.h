// What the data verbs share: the workspace without an engine, and one document on stdout.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/observe/clocks.h"
#include "app/rows/targettable.h"
#include "app/terminal/verb.h"
#include "engine/systems/maprdb/tableadmincalls.h"

namespace tributary::app {

/// The workspace that a verb works in, without an engine of its own.
[[nodiscard]] inline Result<std::unique_ptr<Session>> openSession(const VerbContext& context) {
    return Session::open({context.workspaceDir, context.user, false});
}

/// Writes one JSON document to stdout.
inline void printJson(const engine::Json& document) {
    const std::string text = document.dump(2, ' ', false, engine::Json::error_handler_t::replace);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
}

/// `diff A B`.
[[nodiscard]] Verb diffVerb();
/// `load PATH FILE.csv` and `load PATH --generate N`.
[[nodiscard]] Verb loadVerb();

}  // namespace tributary::app
