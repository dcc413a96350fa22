// Opening, our own tables, schema steps, pictures.
#include "engine/storage/sqlfile.h"

#include <fmt/format.h>

namespace tributary::engine {
namespace {

constexpr std::int64_t kSqlFormat = 1;
constexpr std::int64_t kSqlPosition = 1;
constexpr std::int64_t kSqlSteps = 2;
constexpr std::int64_t kSqlVolume = 3;
constexpr std::int64_t kSqlDataset = 4;
constexpr std::int64_t kSqlCluster = 5;
constexpr std::int64_t kSqlStart = 6;
constexpr std::size_t kUnitCacheBytes = 64U << 20U;

std::vector<SqlTable> tablesAfter(const SqlRules& rules, std::size_t steps) {
    std::vector<SqlTable> tables;
    if (steps > 0) tables = rules.steps[steps - 1].tables;
    tables.push_back({0, kSqlNotes, {"k", "v"}, {0}});
    return tables;
}

/// Rows off a connection of its own, whose transaction sees what it saw first.
class FilePicture final : public SqlPicture {
public:
    FilePicture(std::unique_ptr<Database> database, SqlFileState state)
        : database_(std::move(database)), state_(std::move(state)), session_(*database_) {}
    Lsn position() const override { return state_.position; }
    const std::map<std::uint32_t, std::uint64_t>& counters() const override { return state_.counters; }
    SqlSession& session() { return session_; }

    Result<std::vector<SqlRow>> rows(std::string_view name, std::size_t skip, std::size_t rowsMax) override {
        const SqlTable* table = session_.table(name);
        if (table == nullptr) return Error{ErrorCode::NotFound, fmt::format("no table {}", name), {}, {}};
        // The key of the last row finds the next ones; who jumps counts them.
        const bool goesOn = table_ == name && at_ == skip && skip > 0;
        std::string order;
        std::string marks;
        if (table->key.empty()) order = "rowid";
        for (const std::size_t column : table->key) {
            order += (order.empty() ? "\"" : ",\"") + table->columns[column] + '"';
            marks += marks.empty() ? "?" : ",?";
        }
        if (table->key.empty()) marks = "?";
        std::string columns = table->key.empty() ? "rowid" : "0";
        for (const std::string& column : table->columns) columns += ",\"" + column + '"';
        const std::string where = goesOn ? fmt::format(" WHERE ({})>({})", order, marks) : std::string();
        const std::string sql = fmt::format("SELECT {} FROM main.\"{}\"{} ORDER BY {} LIMIT {} OFFSET {}", columns,
                                            name, where, order, rowsMax, goesOn ? 0 : skip);
        auto found = session_.run(sql, goesOn ? last_ : std::vector<SqlValue>());
        if (!found) return found.error();
        std::vector<SqlRow> rows = std::move(found.value().rows);
        if (!rows.empty()) {
            last_.clear();
            if (table->key.empty()) last_.push_back(rows.back()[0]);
            for (const std::size_t column : table->key) last_.push_back(rows.back()[column + 1]);
        }
        for (SqlRow& row : rows) row.erase(row.begin());
        table_ = name;
        at_ = skip + rows.size();
        return rows;
    }

private:
    std::unique_ptr<Database> database_;
    SqlFileState state_;
    SqlSession session_;
    std::string table_;
    std::size_t at_ = 0;
    std::vector<SqlValue> last_;
};

/// All rows, copied: where a file has one connection.
class CopiedPicture final : public SqlPicture {
public:
    CopiedPicture(SqlFileState state, std::map<std::string, std::vector<SqlRow>, std::less<>> rows)
        : state_(std::move(state)), rows_(std::move(rows)) {}
    Lsn position() const override { return state_.position; }
    const std::map<std::uint32_t, std::uint64_t>& counters() const override { return state_.counters; }
    Result<std::vector<SqlRow>> rows(std::string_view name, std::size_t skip, std::size_t rowsMax) override {
        const auto at = rows_.find(name);
        if (at == rows_.end()) return Error{ErrorCode::NotFound, fmt::format("no table {}", name), {}, {}};
        const auto& all = at->second;
        const auto from = static_cast<std::ptrdiff_t>(std::min(skip, all.size()));
        const auto to = static_cast<std::ptrdiff_t>(std::min(all.size(), skip + rowsMax));
        return std::vector<SqlRow>(all.begin() + from, all.begin() + to);
    }

private:
    SqlFileState state_;
    std::map<std::string, std::vector<SqlRow>, std::less<>> rows_;
};

}  // namespace

Result<bool> SqlCheckpointer::checkpoint() {
    if (database_ == nullptr) {
        auto opened = Database::open({path_, vfsName_, false});
        if (!opened) return opened.error();
        if (Status set = opened.value()->exec("PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64;"); !set) {
            return set.error();
        }
        database_ = std::move(opened).value();
    }
    const auto outcome = database_->checkpoint(Database::Checkpoint::Passive);
    if (!outcome) return outcome.error();
    return outcome.value().complete();
}

Result<std::unique_ptr<SqlFile>> SqlFile::open(const StateUnitOptions& options, const SqlRules& rules) {
    std::unique_ptr<SqlFile> file(new SqlFile(options));
    if (Status connected = file->connect(); !connected) return connected.error();
    if (rules.prepare) {
        if (Status prepared = rules.prepare(*file->session_); !prepared) return prepared.error();
    }
    return file;
}

Status SqlFile::connect() {
    auto opened = Database::open({options_.path, options_.vfsName, options_.create});
    if (!opened) return opened.error();
    database_ = std::move(opened).value();
    std::string setup = fmt::format("PRAGMA page_size={};", options_.pageBytes);
    if (options_.singleConnection) setup += "PRAGMA locking_mode=EXCLUSIVE;";
    if (Status set = database_->exec(setup); !set) return set;
    const auto pages = database_->queryInt("PRAGMA page_count");
    if (!pages) return pages.error();
    const bool isNew = pages.value() == 0;
    if (isNew && !options_.create) {
        return Error{ErrorCode::Corrupt, "the state file is empty", options_.path,
                     "put it back, or start the host empty and fill it from a peer"};
    }
    if (isNew) (void)database_->reserveChecks();
    setup = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY;";
    setup += fmt::format("PRAGMA cache_size=-{};", kUnitCacheBytes >> 10U);
    if (Status set = database_->exec(setup); !set) return set;
    checkpointer_ = std::make_shared<SqlCheckpointer>(options_.path, options_.vfsName);
    database_->onCommit([counted = checkpointer_, page = options_.pageBytes](std::int64_t frames) {
        counted->walBytes = static_cast<std::uint64_t>(frames) * page;
    });
    if (Status made = isNew ? makeTables() : checkOwner(); !made) return made;
    // What a killed process left may be in the page cache only: durable from here on.
    const auto outcome = database_->checkpoint(Database::Checkpoint::Truncate);
    if (!outcome) return outcome.error();
    session_ = std::make_unique<SqlSession>(*database_);
    return okStatus();
}

Status SqlFile::makeTables() {
    auto transaction = Transaction::begin(*database_, Transaction::Kind::Immediate);
    if (!transaction) return transaction.error();
    Status made =
        database_->exec(fmt::format("PRAGMA user_version={};"
                                    "CREATE TABLE \"unit meta\"(id INTEGER PRIMARY KEY, value);"
                                    "CREATE TABLE \"unit counters\"(id INTEGER PRIMARY KEY, value INTEGER);"
                                    "CREATE TABLE \"{}\"(k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID;"
                                    "INSERT INTO \"unit meta\" VALUES({},0),({},0);",
                                    kSqlFormat, kSqlNotes, kSqlPosition, kSqlSteps));
    if (!made) return made;
    auto insert = database_->prepare("INSERT INTO \"unit meta\" VALUES(?1,?2)");
    if (!insert) return insert.error();
    const std::string volume = options_.owner.volume.text();
    const std::string dataset = options_.owner.dataset.text();
    const std::pair<std::int64_t, const std::string*> texts[] = {
        {kSqlVolume, &volume}, {kSqlDataset, &dataset}, {kSqlCluster, &options_.owner.cluster}};
    for (const auto& [id, text] : texts) {
        insert.value().bind(1, id);
        insert.value().bind(2, BytesView(*text));
        if (Status stored = insert.value().run(); !stored) return stored;
    }
    return transaction.value().commit();
}

Status SqlFile::checkOwner() {
    const auto format = database_->queryInt("PRAGMA user_version");
    if (!format) return format.error();
    if (format.value() != kSqlFormat) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("state file format {} is not this version's {}", format.value(), kSqlFormat),
                     options_.path, "use the version that wrote it, or a newer one"};
    }
    auto read = database_->prepare("SELECT value FROM \"unit meta\" WHERE id=?1");
    if (!read) return read.error();
    const std::string volume = options_.owner.volume.text();
    const std::string dataset = options_.owner.dataset.text();
    const std::pair<std::int64_t, const std::string*> wanted[] = {
        {kSqlVolume, &volume}, {kSqlDataset, &dataset}, {kSqlCluster, &options_.owner.cluster}};
    for (const auto& [id, text] : wanted) {
        read.value().bind(1, id);
        const auto row = read.value().step();
        if (!row) return row.error();
        const bool isSame = row.value() && read.value().columnBytes(0) == BytesView(*text);
        read.value().reset();
        if (isSame) continue;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the state file is of another {}", id == kSqlVolume    ? "volume"
                                                                    : id == kSqlDataset ? "dataset"
                                                                                        : "cluster"),
                     options_.path, "put the right file back"};
    }
    return okStatus();
}

Result<SqlFileState> SqlFile::read() {
    SqlFileState state;
    const auto position = database_->queryInt(fmt::format("SELECT value FROM \"unit meta\" WHERE id={}", kSqlPosition));
    if (!position) return position.error();
    const auto steps = database_->queryInt(fmt::format("SELECT value FROM \"unit meta\" WHERE id={}", kSqlSteps));
    if (!steps) return steps.error();
    state.position = static_cast<Lsn>(position.value());
    state.schemaSteps = static_cast<std::size_t>(steps.value());
    auto counters = database_->prepare("SELECT id, value FROM \"unit counters\"");
    if (!counters) return counters.error();
    while (true) {
        const auto row = counters.value().step();
        if (!row) return row.error();
        if (!row.value()) break;
        state.counters[static_cast<std::uint32_t>(counters.value().columnInt(0))] =
            static_cast<std::uint64_t>(counters.value().columnInt(1));
    }
    written_ = state.counters;
    return state;
}

Status SqlFile::write(const SqlFileState& state, std::uint64_t startId) {
    std::string sql =
        fmt::format("INSERT OR REPLACE INTO \"unit meta\" VALUES({},{}),({},{}),({},{});", kSqlPosition, state.position,
                    kSqlSteps, state.schemaSteps, kSqlStart, static_cast<std::int64_t>(startId));
    for (const auto& [id, value] : state.counters) {
        const auto known = written_.find(id);
        if (known != written_.end() && known->second == value) continue;
        sql += fmt::format("INSERT OR REPLACE INTO \"unit counters\" VALUES({},{});", id,
                           static_cast<std::int64_t>(value));
    }
    Status done = database_->exec(sql);
    if (done.ok()) written_ = state.counters;
    return done;
}

Status SqlFile::dropViews() {
    for (const std::string& name : views_) {
        if (Status gone = database_->exec(fmt::format("DROP VIEW IF EXISTS temp.\"{}\"", name)); !gone) return gone;
    }
    views_.clear();
    return okStatus();
}

Status SqlFile::useSchema(const SqlRules& rules, std::size_t steps) {
    if (used_ == steps) return okStatus();
    used_.reset();
    session_->setTables(tablesAfter(rules, steps));
    if (Status gone = dropViews(); !gone) return gone;
    if (rules.views) {
        for (const auto& [name, select] : rules.views(steps)) {
            // One of an earlier time may have come back with a transaction that was given up.
            Status made = database_->exec(fmt::format("DROP VIEW IF EXISTS temp.\"{}\"", name));
            if (made) made = database_->exec(fmt::format("CREATE TEMP VIEW \"{}\" AS {}", name, select));
            if (!made) return made;
            views_.push_back(name);
        }
    }
    used_ = steps;
    return okStatus();
}

Status SqlFile::runSchemaStep(const SqlRules& rules, std::size_t index) {
    used_.reset();
    session_->setTables({});  // no statement is left prepared
    if (Status gone = dropViews(); !gone) return gone;
    for (const std::string& sql : rules.steps[index].statements) {
        if (Status done = database_->exec(sql); !done) return done;
    }
    return useSchema(rules, index + 1);
}

Status SqlFile::tryStep(const SqlRules& rules, std::size_t steps, const SqlRules::Step& step) {
    Status done = database_->exec("SAVEPOINT trial");
    if (!done) return done;
    used_.reset();
    session_->setTables({});
    done = dropViews();
    for (auto at = step.statements.begin(); done.ok() && at != step.statements.end(); ++at) {
        const auto ran = session_->run(*at);
        if (!ran) done = ran.error();
    }
    const Status back = database_->exec("ROLLBACK TO trial; RELEASE trial");
    const Status again = useSchema(rules, steps);
    if (!done.ok()) return done;
    return back.ok() ? again : back;
}

Result<bool> SqlFile::checkpoint() {
    const auto outcome = database_->checkpoint(Database::Checkpoint::Passive);
    if (!outcome) return outcome.error();
    if (outcome.value().complete()) checkpointer_->walBytes = 0;
    return outcome.value().complete();
}

Result<std::unique_ptr<SqlPicture>> SqlFile::picture(const SqlRules& rules, const SqlFileState& state) {
    const std::vector<SqlTable> tables = tablesAfter(rules, state.schemaSteps);
    if (options_.singleConnection) {
        std::map<std::string, std::vector<SqlRow>, std::less<>> rows;
        for (const SqlTable& table : tables) {
            std::string columns;
            for (const std::string& column : table.columns) columns += (columns.empty() ? "\"" : ",\"") + column + '"';
            auto found = session_->run(fmt::format("SELECT {} FROM main.\"{}\"", columns, table.name));
            if (!found) return found.error();
            rows[table.name] = std::move(found.value().rows);
        }
        return std::unique_ptr<SqlPicture>(std::make_unique<CopiedPicture>(state, std::move(rows)));
    }
    auto opened = Database::open({options_.path, options_.vfsName, false});
    if (!opened) return opened.error();
    const Status begun = opened.value()->exec("PRAGMA query_only=ON; PRAGMA cache_size=-4096; BEGIN");
    if (!begun) return begun.error();
    // The first look is what fixes the picture.
    if (const auto looked = opened.value()->queryInt("SELECT count(*) FROM \"unit meta\""); !looked) {
        return looked.error();
    }
    auto made = std::make_unique<FilePicture>(std::move(opened).value(), state);
    made->session().setTables(tables);
    return std::unique_ptr<SqlPicture>(std::move(made));
}

}  // namespace tributary::engine
