// Rates of the storage layer: apply, flush, checkpoint, get, scan; rows of a 16-byte key and 100 random bytes.
//   bench_storage FOLDER [rows=1000000] [rowsPerFlush=250000] [seq|rnd] [pageBytes]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "engine/storage/sqlitestateunit.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/rowfold.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

constexpr std::uint64_t kBatchRows = 1000;

double seconds() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

Bytes keyOf(std::uint64_t index, bool random) {
    return random ? fmt::format("{:016x}", mix(index)) : fmt::format("{:016}", index);
}

/// `pass` 0 writes the rows, later ones overwrite them.
std::vector<EntryRef> makeEntries(std::uint64_t rows, bool random, std::uint64_t pass) {
    std::vector<EntryRef> entries;
    Bytes value(100, '\0');
    for (std::uint64_t from = 0; from < rows; from += kBatchRows) {
        auto payload = std::make_shared<Bytes>();
        payload->reserve(kBatchRows * 130);
        maprdb::MutationBuilder builder(*payload);
        for (std::uint64_t i = from; i < std::min(rows, from + kBatchRows); ++i) {
            for (std::size_t at = 0; at + 8 <= value.size(); at += 8) {
                const std::uint64_t word = mix(i * 13 + at + pass);
                std::memcpy(value.data() + at, &word, 8);
            }
            builder.put(keyOf(i, random), {0, "c", value, {}});
        }
        EntryRef entry;
        entry.lsn = pass * rows + entries.size() + 1;
        entry.mutations = *payload;
        entry.hold = payload;
        entry.stamp = stampFromMs(1'700'000'000'000 + static_cast<Millis>(pass)) + entries.size();
        entry.ids = {7};
        entries.push_back(std::move(entry));
    }
    return entries;
}

void must(const Status& status) {
    if (status.ok()) return;
    std::fprintf(stderr, "%s\n", status.error().full().c_str());
    std::exit(1);
}

/// Wall and processor seconds of one kind of work.
struct Spent {
    double wallS = 0;
    double cpuS = 0;
    Spent operator-(const Spent& other) const { return {wallS - other.wallS, cpuS - other.cpuS}; }
    Spent& operator+=(const Spent& other) {
        wallS += other.wallS;
        cpuS += other.cpuS;
        return *this;
    }
};

Spent now() {
    timespec cpu{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    return {seconds(), static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) * 1e-9};
}

struct Totals {
    Spent apply;
    Spent flush;
    Spent checkpoint;
};

void report(const char* what, double rows, const Spent& spent) {
    std::printf("%-28s %9.0f rows/s  %6.2f us/row  %6.2f us/row of CPU\n", what, rows / spent.wallS,
                spent.wallS / rows * 1e6, spent.cpuS / rows * 1e6);
}

void load(StateUnit& unit, const std::vector<EntryRef>& entries, std::uint64_t rowsPerFlush, Totals& totals) {
    for (std::size_t at = 0; at < entries.size();) {
        Spent t = now();
        for (std::uint64_t rows = 0; rows < rowsPerFlush && at < entries.size(); rows += kBatchRows) {
            must(unit.apply(entries[at++]));
        }
        totals.apply += now() - t;
        t = now();
        auto flush = unit.makeFlush(UINT64_MAX);
        flush->run();
        must(flush->finish());
        totals.flush += now() - t;
        t = now();
        if (auto checkpoint = unit.makeCheckpoint(false)) {
            checkpoint->run();
            must(checkpoint->finish());
        }
        totals.checkpoint += now() - t;
    }
}

void reads(StateUnit& unit, std::uint64_t rows, bool random) {
    constexpr std::uint64_t kGets = 20'000;
    Spent t = now();
    for (std::uint64_t i = 0; i < kGets; ++i) {
        auto view = unit.view(false);
        const auto record = view.value()->get(keyOf(mix(i) % rows, random));
        if (!record.ok() || !record.value()) must(Error{ErrorCode::NotFound, "a loaded row is missing", {}, {}});
    }
    report("get (a view each)", kGets, now() - t);
    t = now();
    Bytes from;
    std::uint64_t seen = 0;
    for (bool end = false; !end;) {
        auto view = unit.view(true);
        const auto chunk = view.value()->scan(from, {}, 10'000, 1U << 20U);
        must(chunk.ok() ? okStatus() : Status(chunk.error()));
        seen += chunk->rows.size();
        if (!chunk->rows.empty()) from = chunk->rows.back().key + '\0';
        end = chunk->atEnd;
    }
    report("scan (chunks of 1 MiB)", static_cast<double>(seen), now() - t);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_storage FOLDER [rows] [rowsPerFlush] [seq|rnd] [pageBytes]\n");
        return 2;
    }
    const std::uint64_t rows = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
    const std::uint64_t rowsPerFlush = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 250'000;
    const bool random = argc > 4 && std::string_view(argv[4]) == "rnd";
    StateUnitOptions options;
    options.path = std::string(argv[1]) + "/bench_storage.db";
    options.format = maprdb::makeTableRowFormat();
    options.context.rules = maprdb::makeFoldRules({{7, 1, 0, 0}});
    if (argc > 5) options.pageBytes = static_cast<std::uint32_t>(std::strtoul(argv[5], nullptr, 10));
    for (const char* suffix : {"", "-wal", "-shm"}) (void)std::remove((options.path + suffix).c_str());
    MemoryPool pool;
    auto unit = openStateUnit(options, pool);
    must(unit.ok() ? okStatus() : Status(unit.error()));
    const auto count = static_cast<double>(rows);
    for (const std::uint64_t pass : {0U, 1U}) {
        const auto entries = makeEntries(rows, random, pass);
        Totals totals;
        const Spent t = now();
        load(**unit, entries, rowsPerFlush, totals);
        std::printf("%s %llu rows, %llu per flush, %s keys, pages of %u bytes\n", pass == 0 ? "new" : "overwritten",
                    static_cast<unsigned long long>(rows), static_cast<unsigned long long>(rowsPerFlush),
                    random ? "random" : "ascending", options.pageBytes);
        report("apply to memory", count, totals.apply);
        report("flush", count, totals.flush);
        report("checkpoint", count, totals.checkpoint);
        report("all, one thread", count, now() - t);
    }
    if ((*unit)->storedRows() != rows) must(Error{ErrorCode::Internal, "row count differs", {}, {}});
    reads(**unit, rows, random);
    return 0;
}
