// Commands of the shell.
#include "app/terminal/dbshell.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>

#include "app/daemon/session.h"
#include "app/observe/audit.h"
#include "app/terminal/consoleinput.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "engine/systems/maprdb/json/jsontext.h"

namespace tributary::app {

/// A command of the shell. Not of this file alone, as far as the compiler may think: a part of DbShell names it.
struct DbShellWord {
    const char* name;
    const char* options;  ///< with blanks around each
    const char* needs;    ///< likewise
    const char* done;     ///< of a write
};

namespace {

namespace json = engine::maprdb::json;

constexpr std::size_t kAuditedMax = 400;  ///< of a line: a document may be long

constexpr std::string_view kBlanks = " \t\r\n";

constexpr const char* kShellHelp =
    "insert <table> [--id ID] --value 'JSON' [--where 'CONDITION']   insert or replace a document\n"
    "replace <table> --id ID --value 'JSON' [--where 'CONDITION']    the same of one id\n"
    "update <table> --id ID --mutation 'MUTATION' [--where 'CONDITION']\n"
    "delete <table> --id ID [--where 'CONDITION']\n"
    "find <table> [--id ID] [--fromid ID] [--toid ID] [--where 'CONDITION'] [--fields a,b.c] [--limit N]\n"
    "     [--withTags false]\n"
    "findbyid <table> --id ID\n"
    "help, exit\n"
    "Short forms: --t for --table, --v for --value, --c for --where, --m for --mutation, --f for --fields.\n"
    "Tables are made and listed with maprcli table create -tabletype json and maprcli table listrecent.\n";

struct OptionWord {
    const char* name;
    const char* meaning;
};
constexpr std::array kOptions{
    OptionWord{"t", "table"},     OptionWord{"table", "table"},   OptionWord{"id", "id"},
    OptionWord{"v", "value"},     OptionWord{"value", "value"},   OptionWord{"c", "where"},
    OptionWord{"where", "where"}, OptionWord{"m", "mutation"},    OptionWord{"mutation", "mutation"},
    OptionWord{"f", "fields"},    OptionWord{"fields", "fields"}, OptionWord{"fromid", "fromid"},
    OptionWord{"toid", "toid"},   OptionWord{"limit", "limit"},   OptionWord{"withtags", "withtags"}};

constexpr std::array kCommands{DbShellWord{"insert", " id value where ", " value ", "inserted"},
                               DbShellWord{"replace", " id value where ", " id value ", "replaced"},
                               DbShellWord{"update", " id mutation where ", " id mutation ", "updated"},
                               DbShellWord{"delete", " id where ", " id ", "deleted"},
                               DbShellWord{"find", " id fromid toid where fields limit withtags ", " ", ""},
                               DbShellWord{"findbyid", " id fields withtags ", " id ", ""}};

bool lists(std::string_view words, std::string_view word) {
    return words.find(" " + std::string(word) + " ") != std::string_view::npos;
}

Error shellError(std::string what, std::string fix = "help") {
    return {ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

/// An id as it is typed: a text, or the JSON of one that is none: {"$binary": "..."}.
Result<json::Value> typedId(const std::string& text) {
    if (text.starts_with("{")) {
        auto id = json::parseJson(text);
        if (id && id->type() != json::ValueType::Binary) return shellError("an id in JSON is a {\"$binary\": ...}");
        return id;
    }
    if (!isUtf8(text)) return shellError("the id is no UTF-8 text");
    return json::Value::string(text);
}

Millis shellNowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

std::string dbshellHelp() {
    return std::string(
               "Reads and writes documents of JSON tables.\n\n"
               "Usage: mapr dbshell [-c \"<line>\"]...\n"
               "Without -c, lines come from the terminal, or from standard input; the first that fails ends "
               "those of -c and of a pipe.\n\nLines:\n") +
           kShellHelp;
}

struct DbShell::Command {
    const DbShellWord* word = nullptr;
    std::map<std::string, std::string> options;

    [[nodiscard]] std::string text(const char* name) const {
        const auto at = options.find(name);
        return at == options.end() ? std::string() : at->second;
    }
    [[nodiscard]] Result<std::optional<json::Value>> id(const char* name) const {
        if (options.count(name) == 0) return std::optional<json::Value>();
        auto id = typedId(text(name));
        if (!id) return id.error();
        return std::optional(std::move(id).value());
    }

    static Result<Command> parse(const std::vector<std::string>& words) {
        Command out;
        const std::string name = lowered(words.front());
        const auto known = std::find_if(kCommands.begin(), kCommands.end(),
                                        [&](const DbShellWord& each) { return name == each.name; });
        if (known == kCommands.end()) {
            return Error{ErrorCode::Unsupported,
                         fmt::format("the shell has no command '{}' here", shownLine(name)),
                         {},
                         "help lists those that it has"};
        }
        out.word = &*known;
        for (std::size_t i = 1; i < words.size(); ++i) {
            if (Status taken = out.take(words, i); !taken) return taken.error();
        }
        if (out.options.count("table") == 0) return shellError(fmt::format("{} needs a table", name));
        for (const OptionWord& option : kOptions) {
            if (!lists(known->needs, option.meaning) || out.options.count(option.meaning) > 0) continue;
            return shellError(fmt::format("{} needs --{}", name, option.meaning));
        }
        return out;
    }

private:
    Status take(const std::vector<std::string>& words, std::size_t& i) {
        if (!words[i].starts_with("--")) return set("table", words[i]);
        const std::string name = lowered(words[i].substr(2));
        const auto known =
            std::find_if(kOptions.begin(), kOptions.end(), [&](const OptionWord& each) { return name == each.name; });
        const bool fits = known != kOptions.end() &&
                          (std::string_view(known->meaning) == "table" || lists(word->options, known->meaning));
        if (!fits) {
            return Error{ErrorCode::Unsupported,
                         fmt::format("{} has no option '{}' here", word->name, shownLine(words[i])),
                         {},
                         "help lists those that it has"};
        }
        if (i + 1 == words.size()) return shellError(fmt::format("{} needs a value", words[i]));
        return set(known->meaning, words[++i]);
    }
    Status set(const std::string& name, const std::string& value) {
        if (options.emplace(name, value).second) return okStatus();
        return shellError(fmt::format("{} is given twice: {}", name, shownLine(bounded(value, 60))),
                          "give it once; put quotes around what has blanks");
    }
};

Result<std::vector<std::string>> dbshellWords(const std::string& line) {
    std::vector<std::string> out;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(kBlanks, at)) != std::string::npos) {
        const char quote = line[at];
        if (quote == '\'' || quote == '"') {
            std::size_t end = line.find(quote, at + 1);
            while (end != std::string::npos && end + 1 < line.size() && kBlanks.find(line[end + 1]) == kBlanks.npos) {
                end = line.find(quote, end + 1);  // O'Brien
            }
            if (end == std::string::npos) return shellError(fmt::format("the quote {} is not closed", quote));
            out.push_back(line.substr(at + 1, end - at - 1));
            at = end + 1;
        } else {
            const std::size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
            out.push_back(line.substr(at, end - at));
            at = end;
        }
    }
    return out;
}

bool DbShell::isWrite(const std::string& line) {
    const auto words = dbshellWords(line);
    if (!words || words->empty()) return false;
    const std::string name = lowered(words->front());
    return std::any_of(kCommands.begin(), kCommands.end(),
                       [&](const DbShellWord& each) { return name == each.name && each.done[0] != '\0'; });
}

Result<DbShell::Goes> DbShell::run(const std::string& line) {
    if (line.starts_with("//") || line.starts_with(";")) return Goes::On;
    const auto words = dbshellWords(line);
    if (!words) return words.error();
    if (words->empty()) return Goes::On;
    const std::string first = lowered(words->front());
    if (first == "exit" || first == "quit") return Goes::Ends;
    if (first == "help") {
        print_(kShellHelp);
        return Goes::On;
    }
    const auto command = Command::parse(words.value());
    if (!command) return command.error();
    const Status done = command->word->done[0] == '\0' ? find(command.value()) : write(command.value());
    if (!done) return done.error();
    return Goes::On;
}

Status DbShell::find(const Command& command) {
    FindDocuments request;
    request.path = command.text("table");
    request.condition = command.text("where");
    request.tags = lowered(command.text("withtags")) != "false";
    if (const std::string fields = command.text("fields"); !fields.empty()) request.fields = split(fields, ',');
    if (const std::string limit = command.text("limit"); !limit.empty()) {
        const auto end = std::from_chars(limit.data(), limit.data() + limit.size(), request.limit);
        if (end.ec != std::errc() || end.ptr != limit.data() + limit.size()) {
            return shellError(fmt::format("--limit cannot be '{}'", shownLine(limit)), "a number");
        }
    }
    for (const auto& [name, into] : {std::pair{"fromid", &request.from}, {"toid", &request.to}}) {
        auto id = command.id(name);
        if (!id) return id.error();
        *into = std::move(id).value();
    }
    const auto id = command.id("id");
    if (!id) return id.error();
    if (id.value()) {
        // The same as a condition on the id, without a look at any other document: nothing lies between the two.
        const Bytes behind = id.value()->asText() + '\0';
        const bool isText = id.value()->type() == json::ValueType::String;
        request.from = id.value();
        request.to = isText ? json::Value::string(behind) : json::Value::binary(behind);
    }
    std::size_t count = 0;
    const auto complete = documents_.find(request, [&](const std::string& document) {
        print_(document + "\n");
        ++count;
    });
    if (!complete) return complete.error();
    print_(fmt::format("{} document(s) found.\n", count));
    if (!complete.value()) print_("Fields that you may not read are left out.\n");
    return okStatus();
}

Status DbShell::write(const Command& command) {
    const std::string table = command.text("table");
    const std::string where = command.text("where");
    auto id = command.id("id");
    if (!id) return id.error();
    std::optional<json::Value> key = id.value();
    Status done = okStatus();
    if (command.options.count("value") > 0) {
        const auto document = json::parseDocument(command.text("value"));
        if (!document) return document.error();
        auto own = idOfDocument(document.value(), key);
        if (!own) return own.error();
        key = std::move(own).value();
        done = documents_.replace(table, *key, document.value(), where);
    } else if (command.options.count("mutation") > 0) {
        done = documents_.update(table, *key, command.text("mutation"), where);
    } else {
        done = documents_.remove(table, *key, where);
    }
    if (!done) return done;
    print_(fmt::format("Document with id: {} {}.\n", json::printJson(*key), command.word->done));
    return okStatus();
}

namespace {

/// The lines of `-c`; none when there is no such option.
Result<std::vector<std::string>> givenLines(const std::vector<std::string>& words) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < words.size(); i += 2) {
        if (words[i] != "-c" || i + 1 == words.size()) {
            return shellError(fmt::format("dbshell has no option '{}' here", shownLine(words[i])),
                              "mapr dbshell -c \"find /mapr/sanfrancisco/people\", or lines on standard input");
        }
        lines.push_back(words[i + 1]);
    }
    return lines;
}

/// Where the shell's lines come from: words behind -c, a terminal, or a pipe.
class GivenInput final : public ConsoleInput {
public:
    explicit GivenInput(std::vector<std::string> lines) : lines_(std::move(lines)) {}
    std::optional<std::string> next(const std::string&) override {
        if (at_ == lines_.size()) return std::nullopt;
        return lines_[at_++];
    }

private:
    std::vector<std::string> lines_;
    std::size_t at_ = 0;
};

std::vector<std::string> completions(const std::vector<std::string>& words, const std::string& current) {
    std::vector<std::string> all;
    if (words.empty()) {
        for (const DbShellWord& command : kCommands) all.emplace_back(command.name);
        all.insert(all.end(), {"help", "exit"});
    } else {
        const std::string name = lowered(words.front());
        for (const DbShellWord& command : kCommands) {
            if (name != command.name) continue;
            for (const OptionWord& option : kOptions) {
                if (lists(command.options, option.meaning)) all.push_back(std::string("--") + option.name);
            }
        }
    }
    std::erase_if(all, [&](const std::string& each) { return !each.starts_with(current); });
    return all;
}

}  // namespace

int runDbShell(const std::vector<std::string>& words, const VerbContext& context) {
    if (!words.empty() && (words.back() == "--help" || words.back() == "-help" || words.back() == "-h")) {
        printRaw(stdout, dbshellHelp());
        return 0;
    }
    auto lines = givenLines(words);
    if (!lines) return context.fail(lines.error());
    auto session = Session::open({context.workspaceDir, context.user, false});
    if (!session) return context.fail(session.error());
    DocumentData documents((*session)->directory(), shellNowMs);
    DbShell shell(documents, (*session)->user(),
                  [&context](std::string_view text) { printDocument(context.outIsTerminal, text); });
    const bool atTerminal = lines->empty() && ::isatty(STDIN_FILENO) != 0 && context.outIsTerminal && !context.noInput;
    std::unique_ptr<ConsoleInput> input;
    if (!lines->empty()) {
        input = std::make_unique<GivenInput>(std::move(lines).value());
    } else {
        input = atTerminal ? editedInput({}, completions) : pipedInput();
    }
    while (const std::optional<std::string> line = input->next(atTerminal ? shell.prompt() : std::string())) {
        const auto goes = shell.run(*line);
        std::fflush(stdout);
        if (DbShell::isWrite(*line)) {
            audit(**session, "mapr dbshell: " + std::string(bounded(trim(*line), kAuditedMax)),
                  goes ? std::string() : goes.error().text());
        }
        if (goes && *goes == DbShell::Goes::Ends) break;
        if (goes) continue;
        const int failed = context.fail(goes.error());
        if (!atTerminal) return failed;
    }
    if (const Status whole = input->problem(); !whole) return context.fail(whole.error());
    return 0;
}

}  // namespace tributary::app
