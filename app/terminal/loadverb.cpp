// load: rows out of a CSV file, or made up.
#include <fmt/format.h>

#include <algorithm>

#include "app/observe/audit.h"
#include "app/rows/csvload.h"
#include "app/rows/customerrows.h"
#include "app/rows/putpipeline.h"
#include "app/terminal/dataverbscommon.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

using engine::Json;

constexpr Micros kProgressEveryUs = 500'000;
constexpr std::uint64_t kProgressRows = 10'000;
constexpr std::uint64_t kRowNumberMax = 999'999'999'999'999;  ///< what the fifteen digits of a sequential key hold

struct LoadOptions {
    std::string path;
    std::string file;
    std::string keyColumn = "key";
    std::uint64_t generate = 0;
    std::uint64_t seed = 1;
    std::uint64_t first = 0;
    std::size_t batchRows = 1000;
    std::string keys = "seq";
    bool raw = false;
};

/// Says how far a load is, where somebody is looking.
class Progress {
public:
    explicit Progress(const VerbContext& context) : shown_(context.errIsTerminal && !context.quiet && !context.json) {}
    ~Progress() {
        if (lastUs_ != 0) fmt::print(stderr, "\r\033[K");
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    void rows(std::uint64_t acked) {
        if (!shown_ || ++calls_ % kProgressRows != 0) return;
        const Micros nowUs = steadyNowUs();
        if (nowUs - lastUs_ < kProgressEveryUs) return;
        lastUs_ = nowUs;
        fmt::print(stderr, "\r\033[K{} rows", groupedDigits(acked));
        std::fflush(stderr);
    }

private:
    bool shown_;
    std::uint64_t calls_ = 0;
    Micros lastUs_ = 0;
};

Result<CsvLeftOut> loadFile(const VerbContext& context, const LoadOptions& options, const TargetTable& table,
                            PutPipeline& pipeline) {
    auto input = InputStream::open(options.file);
    if (!input) return input.error();
    Progress progress(context);
    CsvLoad load = csvLoadOf(**input, options.keyColumn);
    load.raw = options.raw;
    auto done = loadCsv(load, **input, table, pipeline, [&](std::uint64_t acked) {
        progress.rows(acked);
        return true;
    });
    if (done || (*input)->problem()) return done;
    // The place is the reader's, the reason the system's.
    Error error = done.error();
    error.what = fmt::format("{}: {}", error.what, (*input)->reason());
    return error;
}

Status generate(const VerbContext& context, const LoadOptions& options, CustomerRows& rows, PutPipeline& pipeline) {
    Progress progress(context);
    for (std::uint64_t i = 0; i < options.generate; ++i) {
        rows.append(options.first + i, pipeline.builder());
        if (Status sent = pipeline.rowDone(); !sent) return sent;
        progress.rows(pipeline.rowsAcked());
    }
    return pipeline.finish();
}

Status checkOptions(const LoadOptions& options) {
    if (options.file.empty() == (options.generate == 0)) {
        return Error{ErrorCode::InvalidInput, "what shall be loaded?", "load",
                     "tributary load PATH FILE.csv, or tributary load PATH --generate 1000000"};
    }
    if (options.generate > kRowNumberMax || options.first > kRowNumberMax - options.generate) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("generated rows are numbered up to {}", groupedDigits(kRowNumberMax)),
                     options.first > 0 ? "--first" : "--generate", "fewer rows, or a smaller --first"};
    }
    if (options.batchRows == 0 || options.batchRows > 100'000) {
        return Error{ErrorCode::InvalidInput, "a batch has 1 to 100000 rows", "--batch", {}};
    }
    return okStatus();
}

int load(const VerbContext& context, const LoadOptions& options) {
    if (Status good = checkOptions(options); !good) return context.fail(good.error());
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    WorkspaceDirectory& directory = session.value()->directory();
    const auto table = findTable(directory, options.path);
    if (!table) return context.fail(table.error());
    auto client = directory.connect(table.value().cluster);
    if (!client) return context.fail(client.error());
    CustomerRows rows(table.value().families, options.seed,
                      options.keys == "rnd" ? KeyOrder::Random : KeyOrder::Sequential);
    const bool made = options.generate > 0;
    PipelineOptions pipelined{table.value().path, made ? rows.families() : table.value().families};
    pipelined.batchRows = options.batchRows;
    PutPipeline pipeline(*client.value(), pipelined);
    const Micros startUs = steadyNowUs();
    const std::string line =
        fmt::format("tributary load {} {}", table.value().path,
                    made ? fmt::format("--generate {}", options.generate) : engine::maprdb::shellWord(options.file));
    audit(**session, line + " # begins", {});  // a load that is killed leaves this much
    CsvLeftOut leftOut;
    Status done = okStatus();
    if (made) {
        done = generate(context, options, rows, pipeline);
    } else if (auto loaded = loadFile(context, options, table.value(), pipeline); loaded) {
        leftOut = std::move(loaded).value();
    } else {
        done = loaded.error();
    }
    if (!done) done = finishAfter(done.error(), pipeline);
    const Micros tookUs = std::max<Micros>(1, steadyNowUs() - startUs);
    audit(**session, fmt::format("{} # {} rows", line, pipeline.rowsAcked()), auditError(done));
    if (!done) return context.fail(done.error());
    const double perS = static_cast<double>(pipeline.rowsAcked()) * 1e6 / static_cast<double>(tookUs);
    if (context.json) {
        printJson(Json{{"path", table.value().path},
                       {"rows", pipeline.rowsAcked()},
                       {"records_left_out", leftOut.records},
                       {"elapsed_ms", tookUs / 1000},
                       {"rows_per_s", static_cast<std::uint64_t>(perS)}});
    } else if (!context.quiet) {
        fmt::print("{} rows loaded in {} ({} rows/s)\n", groupedDigits(pipeline.rowsAcked()),
                   humanDuration(tookUs / 1000), humanCount(static_cast<std::uint64_t>(perS)));
    }
    if (leftOut.records > 0) fmt::print(stderr, "{}\n", leftOut.text());
    return 0;
}

}  // namespace

Verb loadVerb() {
    Verb verb{"load",
              "data",
              "Load rows from a CSV file, or generated ones",
              "tributary load /mapr/sanfrancisco/customers customers.csv --key id\n"
              "tributary load /mapr/sanfrancisco/customers --generate 1000000 --seed 7",
              {}};
    verb.describe = [](CLI::App& app) {
        auto options = std::make_shared<LoadOptions>();
        app.add_option("PATH", options->path, "The table")->required();
        app.add_option("FILE", options->file, "CSV with a header of family:column names; - reads stdin");
        app.add_option("--key", options->keyColumn, "The column that holds the row keys (default key)");
        app.add_flag("--raw", options->raw, "Take fields as they stand: \\xNN and \\\\ are no bytes and no backslash");
        app.add_option("--generate", options->generate, "Make up this many customers");
        app.add_option("--seed", options->seed, "Of the made-up rows (default 1)");
        app.add_option("--first", options->first, "Number of the first made-up row (default 0)");
        app.add_option("--batch", options->batchRows, "Rows sent together (default 1000)");
        app.add_option("--keys", options->keys, "Order of generated keys (default seq)")
            ->check(CLI::IsMember({"seq", "rnd"}));
        return [options](VerbContext& context) { return load(context, *options); };
    };
    return verb;
}

}  // namespace tributary::app
