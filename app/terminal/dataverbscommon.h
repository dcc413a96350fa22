// What the data verbs share: the clock, full paths, the families of a table, and one document on stdout.
#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/terminal/verb.h"
#include "engine/systems/maprdb/tableadmincalls.h"

namespace tributary::app {

/// UTC milliseconds.
[[nodiscard]] inline Millis wallNowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Microseconds that never go backwards.
[[nodiscard]] inline Micros steadyNowUs() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// The workspace that a verb works in, without an engine of its own.
[[nodiscard]] inline Result<std::unique_ptr<Session>> openSession(const VerbContext& context) {
    return Session::open({context.workspaceDir, context.user, false});
}

/// A table as the writing verbs need it.
struct TargetTable {
    std::string path;  ///< full
    std::string cluster;
    std::vector<std::string> families;  ///< live ones
};

/// Looks a table up. Errors: NotFound, Unavailable, InvalidInput, each with a fix.
[[nodiscard]] Result<TargetTable> findTable(WorkspaceDirectory& directory, const std::string& path);

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
