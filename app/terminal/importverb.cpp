// import: a script or page as a runbook, captured answers or configuration files as a drawing.
#include <fmt/format.h>
#include <sys/stat.h>

#include "app/rows/inputstream.h"
#include "app/systems/dialects.h"
#include "app/terminal/configfiles.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/runbookverbs.h"
#include "core/base/text.h"
#include "core/workspace/atomicfile.h"
#include "runbooks/import/decodetext.h"
#include "runbooks/import/importscript.h"
#include "runbooks/import/observed.h"

namespace tributary::app {
namespace {

constexpr std::size_t kInputBytesMax = 256U << 20U;

struct ImportWords {
    std::vector<std::string> files;
    std::string name;
    std::string output;
    bool observed = false;
    bool config = false;
    bool strict = false;
    bool withAddresses = false;
    bool withoutAddresses = false;
    bool force = false;
};

Result<std::string> textOfFile(const std::string& path) {
    auto input = InputStream::open(path);
    if (!input) return input.error();
    return (*input)->readAll(kInputBytesMax);
}

/// "My page.txt" -> "my-page".
std::string nameFrom(const std::string& path) {
    std::string base = path.substr(path.rfind('/') + 1);
    base.resize(std::min(base.find('.'), base.size()));
    std::string out;
    for (const char c : toLower(base)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) {
            out += c;
        } else if (!out.empty() && out.back() != '-') {
            out += '-';
        }
    }
    while (out.ends_with("-")) out.pop_back();
    return out.empty() || out.front() < 'a' ? "imported" + (out.empty() ? out : "-" + out) : out;
}

/// Writes to `path`, or to stdout for "-". A file that is there stays, unless --force.
Status deliver(const std::string& path, const std::string& text, bool force) {
    if (path == "-") {
        fmt::print("{}", text);
        return okStatus();
    }
    struct stat info {};
    if (!force && ::stat(path.c_str(), &info) == 0) {
        return Error{ErrorCode::AlreadyExists, "there is a file of that name", path,
                     "another name (-o FILE), or --force"};
    }
    return saveFileAtomically(path, text);
}

void printNotes(const char* head, const std::string& file, const std::vector<runbooks::ImportNote>& notes) {
    if (!notes.empty()) fmt::print(stderr, "{}\n", head);
    for (const runbooks::ImportNote& note : notes) {
        fmt::print(stderr, "  {}{}\n",
                   note.line == 0 ? std::string() : fmt::format("{}:{}: ", runbooks::shownText(file, 200), note.line),
                   note.text);
    }
}

engine::Json notesJson(const std::vector<runbooks::ImportNote>& notes) {
    engine::Json rows = engine::Json::array();
    for (const runbooks::ImportNote& note : notes) {
        rows.push_back({{"line", note.line == 0 ? engine::Json() : engine::Json(note.line)}, {"text", note.text}});
    }
    return rows;
}

std::string runbookPlace(const VerbContext& context, const ImportWords& words, const std::string& name) {
    if (!words.output.empty()) return words.output;
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return "-";
    ::mkdir(paths->runbooks().c_str(), 0755);  // a folder that cannot be made shows when the file is saved
    return paths->runbooks() + "/" + name + ".yaml";
}

/// With --strict, what was not read is an error and nothing is written.
Error strictError(const std::string& file, const std::vector<runbooks::ImportNote>& unread) {
    printNotes("Not read:", file, unread);
    return Error{ErrorCode::Conflict,
                 fmt::format("{} command{} not read", unread.size(), unread.size() == 1 ? " was" : "s were"), file,
                 "change these lines, or leave out --strict and see to them by hand"};
}

int importRunbook(const VerbContext& context, const ImportWords& words) {
    if (words.files.size() != 1) {
        return context.fail(
            Error{ErrorCode::InvalidInput, "one script or page at a time", {}, "tributary import FILE"});
    }
    const std::string& file = words.files.front();
    const auto text = textOfFile(file);
    if (!text) return context.fail(text.error());
    const std::string name = words.name.empty() ? nameFrom(file) : words.name;
    if (nameFrom(name) != name) {
        return context.fail(Error{ErrorCode::InvalidInput, "a runbook's name is of a-z, 0-9 and -", "--name",
                                  fmt::format("--name {}", nameFrom(name))});
    }
    const auto imported = runbooks::importScript(*text, name, file.substr(file.rfind('/') + 1), dialects());
    if (!imported) return context.fail(imported.error());
    if (words.strict && !imported->unread.empty()) return context.fail(strictError(file, imported->unread));
    const std::string place = runbookPlace(context, words, name);
    if (context.json && place == "-") {
        printJson({{"text", imported->text},
                   {"readAs", imported->readAs},
                   {"commands", imported->commands},
                   {"parameters", imported->parameters},
                   {"notes", notesJson(imported->notes)},
                   {"unread", notesJson(imported->unread)}});
        return 0;
    }
    if (Status saved = deliver(place, imported->text, words.force); !saved) return context.fail(saved.error());
    if (context.json) {
        printJson({{"file", place},
                   {"readAs", imported->readAs},
                   {"commands", imported->commands},
                   {"parameters", imported->parameters},
                   {"notes", notesJson(imported->notes)},
                   {"unread", notesJson(imported->unread)}});
        return 0;
    }
    if (place != "-") fmt::print("{}\n", place);
    if (context.quiet) return 0;
    fmt::print(stderr, "{} command{} read, as of a {}\n", imported->commands, imported->commands == 1 ? "" : "s",
               imported->readAs == "commands" ? "list of commands" : imported->readAs);
    printNotes("Joined, repaired or added:", file, imported->notes);
    printNotes("Not read:", file, imported->unread);
    std::string set;
    for (const std::string& parameter : imported->parameters) set += fmt::format(" --set {}=...", parameter);
    if (place != "-") {
        fmt::print(stderr, "\nNext:\n  tributary runbook validate {}\n  tributary run {}{} --dry-run\n", place, name,
                   set);
    }
    return 0;
}

int importObserved(const VerbContext& context, const ImportWords& words) {
    std::vector<runbooks::ObservedText> texts;
    for (const std::string& word : words.files) {
        const std::size_t equals = word.starts_with("/mapr/") ? word.find('=') : std::string::npos;
        runbooks::ObservedText one;
        one.path = equals == std::string::npos ? std::string() : word.substr(0, equals);
        one.fileName = equals == std::string::npos ? word : word.substr(equals + 1);
        const auto text = textOfFile(one.fileName);
        if (!text) return context.fail(text.error());
        one.text = *text;
        texts.push_back(std::move(one));
    }
    const auto drawing = runbooks::drawObserved(texts, dialects(), {.withAddresses = words.withAddresses});
    if (!drawing) return context.fail(drawing.error());
    const std::string text = drawing->text();
    const std::string place = words.output.empty() ? "-" : words.output;
    if (context.json) {
        engine::Json document{{"text", text}, {"notes", drawing->notes}, {"unknown", drawing->unknown}};
        if (place != "-") {
            if (Status saved = deliver(place, text, words.force); !saved) return context.fail(saved.error());
            document["file"] = place;
        }
        printJson(document);
        return 0;
    }
    if (Status saved = deliver(place, text, words.force); !saved) return context.fail(saved.error());
    if (context.quiet) return 0;
    for (const std::string& note : drawing->notes) fmt::print(stderr, "{}\n", runbooks::shownText(note, 1000));
    if (!drawing->unknown.empty()) fmt::print(stderr, "Not captured, and so unknown:\n");
    for (const std::string& unknown : drawing->unknown) {
        fmt::print(stderr, "  {}\n", runbooks::shownText(unknown, 1000));
    }
    if (place != "-") fmt::print(stderr, "\nNext:\n  tributary check -w {}\n", place);
    return 0;
}

int importDrawnConfig(const VerbContext& context, const ImportWords& words) {
    return importConfig(context, {words.files, words.output, words.strict, words.force});
}

}  // namespace

Verb importVerb() {
    Verb verb{"import",
              "runbooks",
              "Make a runbook of a script or page, or a drawing of what is there",
              "tributary import page.txt\ntributary import setup.sh --name our-setup --strict\n"
              "tributary import --observed info.json /mapr/sf/t=replicas.json -o topology.yaml\n"
              "tributary import --config instances.enabled/master_master -o topology.yaml\n"
              "tributary import --config east.xml west.xml -o topology.yaml",
              {}};
    verb.describe = [](CLI::App& app) {
        auto words = std::make_shared<ImportWords>();
        app.add_option("FILE", words->files, "A script or page; with --observed -json answers, as FILE or TABLE=FILE")
            ->required();
        auto* observed = app.add_flag("--observed", words->observed, "The files are answers of a real system: draw it");
        app.add_flag("--config", words->config,
                     "FILE is a config.yaml of Tarantool or a deployment file of VoltDB, or a folder that holds some: "
                     "draw them")
            ->excludes(observed);
        app.add_flag("--strict", words->strict,
                     "A command that cannot be carried over exactly is an error: exit 1, nothing is written");
        auto* with = app.add_flag("--with-addresses", words->withAddresses,
                                  "With --observed: draw the gateways' addresses too, which only their hosts can open");
        app.add_flag("--without-addresses", words->withoutAddresses, "Leave them out, as is done anyway")
            ->excludes(with);
        app.add_option("--name", words->name, "The runbook's name; else that of the file");
        app.add_option("-o,--output", words->output, "Write to this file; - is stdout. Else runbooks/NAME.yaml")
            ->type_name("FILE");
        app.add_flag("--force", words->force, "Replace a file that is there");
        return [words](VerbContext& context) {
            if (words->config) return importDrawnConfig(context, *words);
            return words->observed ? importObserved(context, *words) : importRunbook(context, *words);
        };
    };
    return verb;
}

}  // namespace tributary::app
