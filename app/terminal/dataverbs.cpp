// put, get, scan, delete: rows of tables from the command line.
#include <fmt/format.h>

#include "app/adapters/tabledata.h"
#include "app/observe/audit.h"
#include "app/rows/displaytext.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/standardstreams.h"
#include "core/base/escape.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

using engine::Json;

constexpr std::size_t kPageRows = 1'000;
constexpr const char* kKeyHelp = "The row's key, as scan shows it: \\xNN is a byte, \\\\ a backslash";

Json rowJson(const RowRead& row) {
    Json json = Json::object();
    addBytes(json, "key", row.key);
    json["cells"] = Json::array();
    for (const CellRead& cell : row.cells) {
        Json item{{"family", cell.family}};
        addBytes(item, "column", cell.qualifier);
        addBytes(item, "value", cell.value);
        item["timestamp_ms"] = cell.timestampMs;
        json["cells"].push_back(std::move(item));
    }
    return json;
}

std::string cellText(const CellRead& cell) {
    return fmt::format("{}:{}={}", cell.family, escapedBytes(cell.qualifier), escapedBytes(cell.value));
}

int putRow(const VerbContext& context, const std::string& path, const std::string& key,
           const std::vector<std::string>& texts) {
    std::vector<CellWrite> cells;
    for (const std::string& text : texts) {
        auto cell = parseCellWrite(text);
        if (!cell) return context.fail(cell.error());
        cells.push_back(std::move(cell).value());
    }
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    TableData data(session.value()->directory(), wallNowMs);
    const Status put = data.put(path, key, cells);
    audit(**session, fmt::format("tributary put {} # 1 row, {} cells", path, cells.size()), auditError(put));
    if (!put) return context.fail(put.error());
    if (context.json) {
        Json json{{"path", path}};
        addBytes(json, "key", key);
        json["cells"] = cells.size();
        printJson(json);
    }
    return 0;
}

// Which families are closed is no secret (table cf list shows it); whether anything is in them is.
void tellUnreadable(const VerbContext& context, const std::string& user, const std::string& path) {
    if (context.quiet) return;
    fmt::print(stderr,
               "{} may not read all of {}: what needs another readperm is left out (tributary maprcli table cf list "
               "-path {})\n",
               user, shownLine(path), shownLine(path));
}

int getRow(const VerbContext& context, const std::string& path, const std::string& key, bool timestamps) {
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    TableData data(session.value()->directory(), wallNowMs);
    const auto row = data.get(path, key);
    if (!row) return context.fail(row.error());
    if (row.value().cells.empty()) {
        // the question was right, the answer is no
        if (row.value().complete) {
            return context.fail(Error{ErrorCode::NotFound,
                                      fmt::format("{} has no row {}", path, escapedBytes(key)),
                                      {},
                                      fmt::format("tributary scan {} --limit 10", path)},
                                1);
        }
        return context.fail(
            Error{ErrorCode::NotFound,
                  fmt::format("{} has no row {} that {} may read", path, escapedBytes(key), session.value()->user()),
                  {},
                  fmt::format("tributary maprcli table cf list -path {}", path)},
            1);
    }
    if (!row.value().complete) tellUnreadable(context, session.value()->user(), path);
    if (context.json) {
        printJson(rowJson(row.value()));
        return 0;
    }
    for (const CellRead& cell : row.value().cells) {
        fmt::print("{}{}\n", cellText(cell), timestamps ? "\t" + isoTime(cell.timestampMs) : "");
    }
    return 0;
}

struct ScanOptions {
    std::string path;
    std::string from;
    std::string to;
    std::string columns;
    std::uint64_t limit = 100;
};

int scanRows(const VerbContext& context, const ScanOptions& options) {
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    TableData data(session.value()->directory(), wallNowMs);
    ScanRequest request{options.path, bytesOfEscaped(options.from), bytesOfEscaped(options.to), kPageRows,
                        options.columns};
    Json rows = Json::array();
    std::uint64_t left = options.limit == 0 ? UINT64_MAX : options.limit;
    std::optional<Bytes> next = request.from;
    bool complete = true;
    while (left > 0 && next && !outputIsLost()) {
        request.from = *next;
        request.limit = static_cast<std::size_t>(std::min<std::uint64_t>(left, kPageRows));
        const auto page = data.scan(request);
        if (!page) return context.fail(page.error());
        for (const RowRead& row : page.value().rows) {
            if (context.json) {
                rows.push_back(rowJson(row));
                continue;
            }
            fmt::print("{}", escapedBytes(row.key));
            for (const CellRead& cell : row.cells) fmt::print("\t{}", cellText(cell));
            fmt::print("\n");
        }
        complete = complete && page.value().complete;
        left -= std::min<std::uint64_t>(left, page.value().rows.size());
        next = page.value().next;
    }
    if (!complete) tellUnreadable(context, session.value()->user(), options.path);
    if (context.json) {
        Json document{{"path", options.path}, {"rows", std::move(rows)}, {"next", nullptr}};
        if (next) addBytes(document, "next", *next);
        printJson(document);
    } else if (next && !context.quiet) {
        fmt::print(stderr, "more rows follow: --from {}, or --limit 0 for all\n",
                   engine::maprdb::shellWord(escapedBytes(*next)));
    }
    return 0;
}

int deleteCells(const VerbContext& context, const std::string& path, const std::string& key, const std::string& what) {
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    TableData data(session.value()->directory(), wallNowMs);
    const std::size_t colon = what.find(':');
    Status done;
    if (what.empty()) {
        done = data.deleteRow(path, key);
    } else if (colon == std::string::npos) {
        done = data.deleteFamily(path, key, what);
    } else {
        done = data.deleteColumn(path, key, what.substr(0, colon), what.substr(colon + 1));
    }
    audit(**session, fmt::format("tributary delete {} # {} of 1 row", path, what.empty() ? "all" : escapedBytes(what)),
          auditError(done));
    if (!done) return context.fail(done.error());
    if (context.json) {
        Json json{{"path", path}};
        addBytes(json, "key", key);
        addBytes(json, "deleted", what.empty() ? "row" : what);
        printJson(json);
    }
    return 0;
}

Verb putVerb() {
    Verb verb{"put",
              "data",
              "Write cells of one row, all or none",
              "tributary put /mapr/sanfrancisco/customers c1 profile:name=Ada orders:total=12.50",
              {}};
    verb.describe = [](CLI::App& app) {
        struct Options {
            std::string path, key;
            std::vector<std::string> cells;
        };
        auto options = std::make_shared<Options>();
        app.add_option("PATH", options->path, "The table")->required();
        app.add_option("KEY", options->key, kKeyHelp)->required();
        app.add_option("CELL", options->cells, "Family:column=value, one or more; \\xNN and \\\\ as in keys")
            ->required();
        return [options](VerbContext& context) {
            return putRow(context, options->path, bytesOfEscaped(options->key), options->cells);
        };
    };
    return verb;
}

Verb getVerb() {
    Verb verb{"get", "data", "Show one row", "tributary get /mapr/sanfrancisco/customers c1", {}};
    verb.describe = [](CLI::App& app) {
        struct Options {
            std::string path, key;
            bool timestamps = false;
        };
        auto options = std::make_shared<Options>();
        app.add_option("PATH", options->path, "The table")->required();
        app.add_option("KEY", options->key, kKeyHelp)->required();
        app.add_flag("--timestamps", options->timestamps, "Show when each cell was written");
        return [options](VerbContext& context) {
            return getRow(context, options->path, bytesOfEscaped(options->key), options->timestamps);
        };
    };
    return verb;
}

Verb scanVerb() {
    Verb verb{"scan",
              "data",
              "Show rows in key order",
              "tributary scan /mapr/sanfrancisco/customers --limit 10\n"
              "tributary scan /mapr/sanfrancisco/customers --from c100 --to c200 --columns profile",
              {}};
    verb.describe = [](CLI::App& app) {
        auto options = std::make_shared<ScanOptions>();
        app.add_option("PATH", options->path, "The table")->required();
        app.add_option("--limit", options->limit, "Rows to show; 0 = all (default 100)");
        app.add_option("--from", options->from, "First key, as scan shows keys");
        app.add_option("--to", options->to, "End before this key, as scan shows keys");
        app.add_option("--columns", options->columns, "Only these: cf,cf:column");
        return [options](VerbContext& context) { return scanRows(context, *options); };
    };
    return verb;
}

Verb deleteVerb() {
    Verb verb{"delete",
              "data",
              "Delete a row, a family of it, or a column",
              "tributary delete /mapr/sanfrancisco/customers c1\n"
              "tributary delete /mapr/sanfrancisco/customers c1 profile:name",
              {}};
    verb.describe = [](CLI::App& app) {
        struct Options {
            std::string path, key, what;
        };
        auto options = std::make_shared<Options>();
        app.add_option("PATH", options->path, "The table")->required();
        app.add_option("KEY", options->key, kKeyHelp)->required();
        app.add_option("WHAT", options->what, "Family or family:column; the whole row without it");
        return [options](VerbContext& context) {
            return deleteCells(context, options->path, bytesOfEscaped(options->key), bytesOfEscaped(options->what));
        };
    };
    return verb;
}

}  // namespace

std::vector<Verb> dataVerbs() {
    return {putVerb(), getVerb(), scanVerb(), deleteVerb(), loadVerb(), diffVerb()};
}

}  // namespace tributary::app
