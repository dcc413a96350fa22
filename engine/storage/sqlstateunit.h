// A state unit whose rows lie in tables of SQL: what is decided runs in it at once, before it is logged.
//
// One connection, one transaction that stays open over many entries. What runs is there for the next statement; its
// images are logged, and replay applies them and never runs a statement again. What the log refuses is taken back by
// its images, newest first. The transaction is committed up to the synced log only: what lies behind that is taken back
// before the commit and applied again after it. All steps since the last commit are kept, so that a transaction that
// SQLite itself gave up (a full disk) is made again.
//
// The file: the tables of the rules, and three of ours: "unit meta" (position, owner, how many schema steps ran), "unit
// counters", "unit notes" (key -> bytes; table 0 of images).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/db/sqlsession.h"
#include "engine/seams/faultpoints.h"
#include "engine/storage/statefile.h"

namespace tributary::engine {

/// What the tables are, and how they came to be: FoldContext::rules of a dataset with such a unit.
class SqlRules final : public FoldRules {
public:
    struct Step {
        Lsn lsn = 0;                          ///< of the change that brought it; it is run before later entries
        std::vector<std::string> statements;  ///< what it does to the file
        std::vector<SqlTable> tables;         ///< all of them, after it
    };
    std::vector<Step> steps;  ///< from the first on; those that ran are passed over
    /// After the first `steps` of them: views in the temporary schema, by name, and what they select. A view with the
    /// name of a table stands before it for whoever reads.
    std::function<std::vector<std::pair<std::string, std::string>>(std::size_t steps)> views;
    std::function<Status(SqlSession& session)> prepare;  ///< functions that SQL may call; once for a connection
};

inline constexpr const char* kSqlNotes = "unit notes";  ///< the table of notes: columns k, v

/// All rows as of one position. May be used on any one thread at a time; the unit may go on.
class SqlPicture {
public:
    virtual ~SqlPicture() = default;
    [[nodiscard]] virtual Lsn position() const = 0;
    [[nodiscard]] virtual const std::map<std::uint32_t, std::uint64_t>& counters() const = 0;
    /// Up to `rowsMax` rows of a table, all columns, behind the first `skip`, in the order of its key. Going on where
    /// the last call ended costs nothing extra. Errors: NotFound, Io, Corrupt.
    [[nodiscard]] virtual Result<std::vector<SqlRow>> rows(std::string_view table, std::size_t skip,
                                                           std::size_t rowsMax) = 0;
};

/// Executor's thread only.
class SqlStateUnit : public StateUnit {
public:
    /// For reading, and between begin() and its end for writing. Errors: why there is no transaction.
    [[nodiscard]] virtual Result<SqlSession*> session() = 0;
    /// Work that is to become one entry begins: images are captured. What was begun before and not told to be logged is
    /// taken back.
    virtual Status begin() = 0;
    /// The images so far.
    [[nodiscard]] virtual BytesView captured() const = 0;
    /// Takes back what lies behind the first `from` bytes of captured(), and ends the work when that is all.
    virtual Status takeBack(std::size_t from = 0) = 0;
    /// Changes rows that the work has just made: `change` runs without images, and `images` take the place of those
    /// behind the first `from` bytes, as if the rows had been made so. Errors: those of `change`; then the work is
    /// gone.
    virtual Status amend(std::size_t from, const Bytes& images, const std::function<Status(SqlSession&)>& change) = 0;
    /// A number beside the rows, changed with them: adds an image of it to the work.
    virtual void setCounter(std::uint32_t counter, std::uint64_t value) = 0;
    [[nodiscard]] virtual std::uint64_t counter(std::uint32_t counter) const = 0;
    [[nodiscard]] virtual const std::map<std::uint32_t, std::uint64_t>& counters() const = 0;

    /// Those of the seams: what runs in the unit counts and fails by them.
    [[nodiscard]] virtual FaultPoints& faults() = 0;

    /// Runs a step as if it were logged, and takes it back: whether the rows allow it. Errors: why not.
    virtual Status tryStep(const SqlRules::Step& step) = 0;
    /// Of everything that is published at or below `syncedLsn`. Errors: Io, DiskFull.
    virtual Result<std::unique_ptr<SqlPicture>> picture(Lsn syncedLsn) = 0;
};

/// Opens or creates the unit (`path`, `create`, `owner`, `vfsName`, `singleConnection`, `context`,
/// `checkpointWalBytes`, page and cache sizes of the options count); its position says from which lsn on the log has to
/// be replayed. `faults` outlives it. Errors: Corrupt (names the file), InvalidInput (another volume's or another
/// dataset's), Unsupported (newer format), NotFound, DiskFull, Io. `nowUs` is the session's clock (SqlLimits::untilUs).
Result<std::unique_ptr<SqlStateUnit>> openSqlStateUnit(const StateUnitOptions& options, FaultPoints& faults,
                                                       std::function<Micros()> nowUs = {});

}  // namespace tributary::engine
