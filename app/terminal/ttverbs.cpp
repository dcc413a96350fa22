// tt connect: its words.
#include "app/terminal/ttverbs.h"

#include <cstdlib>

#include "app/terminal/ttinstances.h"

namespace tributary::app {
namespace {

std::string environmentOr(const char* name, const std::string& given) {
    const char* value = std::getenv(name);
    return !given.empty() || value == nullptr ? given : std::string(value);
}

std::function<int(VerbContext&)> describeTt(CLI::App& app) {
    CLI::App* connect = app.add_subcommand("connect", "A console on a running instance");
    auto words = std::make_shared<ConnectWords>();
    words->language = "lua";
    words->output = "yaml";
    connect
        ->add_option("URI", words->uri,
                     "[user:password@]host:port or unix/:PATH, the address of box.cfg.listen. What is evaluated there "
                     "needs a user who may execute. Or APP:INSTANCE of instances.enabled")
        ->required();
    connect->add_option("-u,--username", words->user, "The user; else that of the URI, or TT_CLI_USERNAME, or guest")
        ->type_name("USER");
    connect
        ->add_option("-p,--password", words->password,
                     "Its password; else that of the URI, or TT_CLI_PASSWORD, which no list of processes shows")
        ->type_name("PASSWORD");
    connect->add_option("-f,--file", words->file, "Evaluate this file as one chunk; - is stdin")->type_name("FILE");
    connect->add_flag("-i,--interactive", words->interactive, "Go on with lines after the file");
    connect->add_option("-l,--language", words->language, "lua (default) or sql")->type_name("NAME");
    connect->add_option("-x,--outputformat", words->output, "yaml (default), lua, or lua,block")->type_name("NAME");
    CLI::App* scratch = app.add_subcommand("scratch", "A console on an instance in memory, to try statements");
    auto limits = std::make_shared<ScratchWords>();
    scratch->add_option("--memory", limits->memoryMib, "For all tuples together, in MiB (256)")
        ->type_name("MIB")
        ->check(CLI::Range(1, 65'536));
    scratch->add_option("--deadline", limits->deadlineS, "A statement that takes longer is ended, in seconds (10)")
        ->type_name("S")
        ->check(CLI::Range(1, 86'400));
    auto chosen = std::make_shared<std::function<int(const VerbContext&)>>();
    addInstanceWords(app, *chosen);
    addReplicasetWords(app, *chosen);
    app.require_subcommand(1);
    return [words, limits, scratch, chosen](VerbContext& context) {
        if (*chosen) return (*chosen)(context);
        if (scratch->parsed()) return runScratch(context, *limits);
        if (!isInstanceWord(words->uri)) return connectToInstance(context, *words);
        if (const Status carried = checkForInstance(*words); !carried) return context.fail(carried.error());
        return runInstanceConsole(context, words->uri, words->file, words->interactive, limits->deadlineS);
    };
}

}  // namespace

Result<engine::tarantool::InstanceAddress> addressOf(const ConnectWords& words) {
    auto address = engine::tarantool::InstanceAddress::parse(words.uri);
    if (!address) return address.error();
    if (!address->user.empty()) {
        if (words.user.empty() && words.password.empty()) return address;
        return Error{ErrorCode::InvalidInput, "the URI and the options both name a user", address->text(),
                     "leave -u and -p out, or the part before the @"};
    }
    address->user = environmentOr("TT_CLI_USERNAME", words.user);
    address->password = environmentOr("TT_CLI_PASSWORD", words.password);
    return address;
}

Status checkForInstance(const ConnectWords& words) {
    if (const Status right = checkWords(words); !right) return right;
    const auto refuse = [&](const char* option, const char* what) {
        return Error{ErrorCode::Unsupported, fmt::format("{} of an instance of this environment {}", option, what),
                     words.uri, fmt::format("leave {} out", option)};
    };
    if (words.language != "lua") return refuse("-l", "is Lua in this version");
    if (words.output != "yaml") return refuse("-x", "is yaml in this version");
    if (!words.user.empty()) return refuse("-u", "is not asked for: its socket knows who comes");
    if (!words.password.empty()) return refuse("-p", "is not asked for: its socket knows who comes");
    return okStatus();
}

std::vector<Verb> tarantoolVerbs() {
    return {{"tt", "dialects", "Tarantool instances as processes, and consoles on them",
             "tributary tt start master_master\n"
             "tributary tt connect master_master:instance001\n"
             "TT_CLI_PASSWORD=secret tributary tt connect admin@127.0.0.1:3301\n"
             "tributary tt connect 127.0.0.1:3301 -u admin -p secret -f check.lua\n"
             "tributary tt scratch",
             describeTt}};
}

}  // namespace tributary::app
