// The SQLite file of a SQL unit: its connection, its own tables, checkpoints, pictures.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/storage/sqlstateunit.h"

namespace tributary::engine {

/// What the file says of itself.
struct SqlFileState {
    Lsn position = 0;
    std::size_t schemaSteps = 0;
    std::map<std::uint32_t, std::uint64_t> counters;
};

/// Brings the WAL over on a connection of its own. Checkpoint worker; outlives the unit when it has to.
class SqlCheckpointer {
public:
    SqlCheckpointer(std::string path, std::string vfsName) : path_(std::move(path)), vfsName_(std::move(vfsName)) {}
    /// Whether everything that was committed when it began is in the file now.
    Result<bool> checkpoint();
    std::atomic<std::uint64_t> walBytes{0};

private:
    std::string path_;
    std::string vfsName_;
    std::unique_ptr<Database> database_;
};

/// One thread, but for the checkpointer.
class SqlFile {
public:
    static Result<std::unique_ptr<SqlFile>> open(const StateUnitOptions& options, const SqlRules& rules);

    [[nodiscard]] Database& database() { return *database_; }
    [[nodiscard]] SqlSession& session() { return *session_; }
    Result<SqlFileState> read();
    /// Into the open transaction.
    Status write(const SqlFileState& state, std::uint64_t startId);

    /// Tables and views as of the first `steps`.
    Status useSchema(const SqlRules& rules, std::size_t steps);
    Status runSchemaStep(const SqlRules& rules, std::size_t index);
    /// Runs it and takes it back.
    Status tryStep(const SqlRules& rules, std::size_t steps, const SqlRules::Step& step);

    [[nodiscard]] std::uint64_t walBytes() const { return checkpointer_->walBytes; }
    /// Outside a transaction. Whether the whole WAL was brought over.
    Result<bool> checkpoint();
    [[nodiscard]] std::shared_ptr<SqlCheckpointer> checkpointer() { return checkpointer_; }
    /// Outside a transaction.
    Result<std::unique_ptr<SqlPicture>> picture(const SqlRules& rules, const SqlFileState& state);

private:
    explicit SqlFile(const StateUnitOptions& options) : options_(options) {}
    Status connect();
    Status makeTables();
    Status checkOwner();
    Status dropViews();

    const StateUnitOptions& options_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<SqlSession> session_;
    std::shared_ptr<SqlCheckpointer> checkpointer_;
    std::optional<std::size_t> used_;  ///< how many steps tables and views are of
    std::vector<std::string> views_;
    std::map<std::uint32_t, std::uint64_t> written_;
};

}  // namespace tributary::engine
