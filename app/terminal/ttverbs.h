// The verb `tt`: what Tarantool's own command line tool calls the same.
#pragma once

#include <string>

#include "app/terminal/verb.h"
#include "engine/admin/tarantool/address.h"

namespace tributary::app {

/// What `tt connect` was asked for.
struct ConnectWords {
    std::string uri;
    std::string user;
    std::string password;
    std::string file;      ///< evaluated as one chunk; "-" = stdin, empty = lines
    std::string language;  ///< "lua", "sql"
    std::string output;    ///< "yaml", "lua", "lua,line", "lua,block"
    bool interactive = false;
};

/// What `tt scratch` was asked for.
struct ScratchWords {
    std::uint64_t memoryMib = 256;
    std::uint64_t deadlineS = 10;
};

/// A console on an instance in memory that lives as long as the console.
int runScratch(const VerbContext& context, const ScratchWords& words);

/// The console of an instance: lines or a file are evaluated there, and what it answers is printed as it came.
int connectToInstance(const VerbContext& context, const ConnectWords& words);

/// What can be told from the words alone. Errors: InvalidInput, Unsupported, naming the option.
[[nodiscard]] Status checkWords(const ConnectWords& words);
/// The same for `tt connect APP:INSTANCE`, whose console carries less.
[[nodiscard]] Status checkForInstance(const ConnectWords& words);

/// The address with user and password put together from URI, options and TT_CLI_USERNAME, TT_CLI_PASSWORD. Errors:
/// InvalidInput (no URI, or two users).
[[nodiscard]] Result<engine::tarantool::InstanceAddress> addressOf(const ConnectWords& words);

}  // namespace tributary::app
