// System procedures: what a host tells of itself, and how it is paused.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/systems/voltdb/data/voltcontrol.h"
#include "engine/systems/voltdb/schema/ddlparts.h"

namespace tributary::engine::voltdb {
namespace {

constexpr std::string_view kVersion = "11.4.0";  // whose columns these are

LogColumn text(std::string name) {
    return {std::move(name), ColumnType::Varchar};
}
LogColumn number(std::string name) {
    return {std::move(name), ColumnType::Bigint};
}

VoltAnswer answerOf(ResultTable table) {
    VoltAnswer answer;
    answer.tables.push_back(std::move(table));
    return answer;
}

VoltAnswer statusZero() {
    return answerOf({{number("STATUS")}, {{std::int64_t{0}}}});
}

VoltAnswer refusedCall(std::string what) {
    return VoltAnswer::failed(CallStatus::GracefulFailure, std::move(what));
}

std::string wordOf(const VoltCall& call, std::size_t at) {
    if (at >= call.parameters.size()) return {};
    const auto* word = std::get_if<std::string>(&call.parameters[at]);
    return word == nullptr ? std::string() : upperCase(*word);
}

int jdbcType(ColumnType type) {
    constexpr std::array<int, 9> kTypes{-6, 5, 4, -5, 8, 3, 93, 12, -3};
    return kTypes[static_cast<std::size_t>(type)];
}

std::int64_t precisionOf(const VoltColumn& column) {
    constexpr std::array<int, 7> kDigits{7, 15, 31, 63, 53, 38, 63};
    const auto at = static_cast<std::size_t>(column.type);
    return at < kDigits.size() ? kDigits[at] : column.size;
}

std::string remarksOf(const VoltTable& table) {
    Json remarks = Json::object();
    if (table.partitionColumn) remarks["partitionColumn"] = table.columns[*table.partitionColumn].name;
    if (table.isDr) remarks["drEnabled"] = "true";
    return remarks.empty() ? std::string() : remarks.dump();
}

ResultTable catalogTables(const VoltCatalog& catalog) {
    ResultTable out{{text("TABLE_CAT"), text("TABLE_SCHEM"), text("TABLE_NAME"), text("TABLE_TYPE"), text("REMARKS"),
                     text("TYPE_CAT"), text("TYPE_SCHEM"), text("TYPE_NAME"), text("SELF_REFERENCING_COL_NAME"),
                     text("REF_GENERATION")},
                    {}};
    for (const auto& [name, table] : catalog.tables) {
        const std::string remarks = remarksOf(table);
        out.rows.push_back({{},
                            {},
                            name,
                            std::string("TABLE"),
                            remarks.empty() ? ColumnValue() : ColumnValue(remarks),
                            {},
                            {},
                            {},
                            {},
                            {}});
    }
    return out;
}

constexpr std::int64_t kDecimalScale = 12;
constexpr std::int64_t kBinary = 2;

/// The value, or null.
template <typename T>
void addIf(RowImage& row, bool isThere, T value) {
    row.emplace_back();
    if (isThere) row.back() = std::move(value);
}

ResultTable catalogColumns(const VoltCatalog& catalog) {
    ResultTable out{{text("TABLE_CAT"),           text("TABLE_SCHEM"),        text("TABLE_NAME"),
                     text("COLUMN_NAME"),         number("DATA_TYPE"),        text("TYPE_NAME"),
                     number("COLUMN_SIZE"),       number("BUFFER_LENGTH"),    number("DECIMAL_DIGITS"),
                     number("NUM_PREC_RADIX"),    number("NULLABLE"),         text("REMARKS"),
                     text("COLUMN_DEF"),          number("SQL_DATA_TYPE"),    number("SQL_DATETIME_SUB"),
                     number("CHAR_OCTET_LENGTH"), number("ORDINAL_POSITION"), text("IS_NULLABLE"),
                     text("SCOPE_CATALOG"),       text("SCOPE_SCHEMA"),       text("SCOPE_TABLE"),
                     number("SOURCE_DATA_TYPE"),  text("IS_AUTOINCREMENT")},
                    {}};
    for (const auto& [name, table] : catalog.tables) {
        std::int64_t position = 0;
        for (const VoltColumn& column : table.columns) {
            const bool isPartition = table.partitionColumn && table.columns[*table.partitionColumn].name == column.name;
            const bool isText = column.type == ColumnType::Varchar || column.type == ColumnType::Varbinary;
            RowImage row{{}, {}, name, column.name, std::int64_t{jdbcType(column.type)}};
            row.emplace_back(std::string(columnTypeName(column.type)));
            row.emplace_back(precisionOf(column));
            row.emplace_back();  // BUFFER_LENGTH
            addIf(row, column.type == ColumnType::Decimal, kDecimalScale);
            addIf(row, !isText, kBinary);
            row.emplace_back(std::int64_t{column.isNullable ? 1 : 0});
            addIf(row, isPartition, std::string("PARTITION_COLUMN"));
            addIf(row, !column.defaultSql.empty(), column.defaultSql);
            row.resize(row.size() + 2);  // SQL_DATA_TYPE, SQL_DATETIME_SUB
            addIf(row, isText, std::int64_t{column.size});
            row.emplace_back(++position);
            row.emplace_back(std::string(column.isNullable ? "YES" : "NO"));
            row.resize(row.size() + 4);  // scopes, SOURCE_DATA_TYPE
            row.emplace_back(std::string("NO"));
            out.rows.push_back(std::move(row));
        }
    }
    return out;
}

void addIndexRows(ResultTable& out, const VoltTable& table, const std::string& name, bool isUnique,
                  const std::vector<std::string>& parts, const std::string& where) {
    std::int64_t position = 0;
    for (const std::string& part : parts) {
        out.rows.push_back({{},
                            {},
                            table.name,
                            std::int64_t{isUnique ? 0 : 1},
                            {},
                            name,
                            std::int64_t{3},
                            ++position,
                            part,
                            std::string("A"),
                            {},
                            {},
                            where.empty() ? ColumnValue() : ColumnValue(where)});
    }
}

ResultTable catalogIndexes(const VoltCatalog& catalog) {
    ResultTable out{
        {text("TABLE_CAT"), text("TABLE_SCHEM"), text("TABLE_NAME"), number("NON_UNIQUE"), text("INDEX_QUALIFIER"),
         text("INDEX_NAME"), number("TYPE"), number("ORDINAL_POSITION"), text("COLUMN_NAME"), text("ASC_OR_DESC"),
         number("CARDINALITY"), number("PAGES"), text("FILTER_CONDITION")},
        {}};
    for (const auto& [name, table] : catalog.tables) {
        std::vector<std::string> key;
        for (const std::size_t column : table.primaryKey) key.push_back(table.columns[column].name);
        addIndexRows(out, table, fmt::format("VOLTDB_AUTOGEN_IDX_PK_{}", name), true, key, {});
        for (const VoltIndex& index : table.indexes) {
            addIndexRows(out, table, index.name, index.isUnique, index.parts, index.where);
        }
    }
    return out;
}

ResultTable catalogKeys(const VoltCatalog& catalog) {
    ResultTable out{{text("TABLE_CAT"), text("TABLE_SCHEM"), text("TABLE_NAME"), text("COLUMN_NAME"), number("KEY_SEQ"),
                     text("PK_NAME")},
                    {}};
    for (const auto& [name, table] : catalog.tables) {
        std::int64_t position = 0;
        for (const std::size_t column : table.primaryKey) {
            out.rows.push_back(
                {{}, {}, name, table.columns[column].name, ++position, fmt::format("VOLTDB_AUTOGEN_IDX_PK_{}", name)});
        }
    }
    return out;
}

ResultTable catalogProcedures(const VoltCatalog& catalog) {
    ResultTable out{
        {text("PROCEDURE_CAT"), text("PROCEDURE_SCHEM"), text("PROCEDURE_NAME"), text("RESERVED1"), text("RESERVED2"),
         text("RESERVED3"), text("REMARKS"), number("PROCEDURE_TYPE"), text("SPECIFIC_NAME")},
        {}};
    const auto add = [&](const std::string& name, bool isReadOnly, bool isSingle) {
        const Json remarks{{"readOnly", isReadOnly}, {"singlePartition", isSingle}};
        out.rows.push_back({{}, {}, name, {}, {}, {}, remarks.dump(), std::int64_t{0}, name});
    };
    for (const auto& [name, procedure] : catalog.procedures) {
        add(name, procedure.isReadOnly, !procedure.partitionTable.empty());
    }
    for (const auto& [name, table] : catalog.tables) {
        const bool isSingle = table.partitionColumn.has_value();
        add(name + ".insert", false, isSingle);
        if (table.primaryKey.empty()) continue;
        for (const char* what : {".delete", ".update", ".upsert"}) add(name + what, false, isSingle);
        add(name + ".select", true, isSingle);
    }
    return out;
}

VoltAnswer systemCatalog(const VoltCall& call, const VoltCatalog& catalog) {
    const std::string what = wordOf(call, 0);
    if (what == "TABLES") return answerOf(catalogTables(catalog));
    if (what == "COLUMNS") return answerOf(catalogColumns(catalog));
    if (what == "INDEXINFO") return answerOf(catalogIndexes(catalog));
    if (what == "PRIMARYKEYS") return answerOf(catalogKeys(catalog));
    if (what == "PROCEDURES") return answerOf(catalogProcedures(catalog));
    return refusedCall(fmt::format(
        "Invalid @SystemCatalog selector: {}; there are TABLES, COLUMNS, INDEXINFO, PRIMARYKEYS and PROCEDURES", what));
}

std::string uptimeText(std::int64_t seconds) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    return fmt::format("{} days {:02}:{:02}:{:02}", seconds / kDay, seconds % kDay / kHour, seconds % kHour / kMinute,
                       seconds % kMinute);
}

}  // namespace

void VoltControl::addSystemProcedures() {
    addProcedure("@SystemCatalog", [this](const VoltCall& call, const Answered& answered) {
        answered(systemCatalog(call, schema()->catalog()));
    });
    addProcedure("@SystemInformation",
                 [this](const VoltCall& call, const Answered& answered) { answered(systemInformation(call)); });
    addProcedure("@Statistics", [this](const VoltCall& call, const Answered& answered) { statistics(call, answered); });
    addProcedure("@Pause", [this](const VoltCall&, const Answered& answered) {
        setPaused(true);
        answered(statusZero());
    });
    addProcedure("@Resume", [this](const VoltCall&, const Answered& answered) {
        setPaused(false);
        answered(statusZero());
    });
    addProcedure("@Quiesce", [this](const VoltCall&, const Answered& answered) {
        if (dr_ != nullptr) dr_->flush();
        whenPublished([answered](const Status& seen) {
            answered(seen ? statusZero() : VoltAnswer::failed(CallStatus::UnexpectedFailure, seen.error().text()));
        });
    });
    addProcedure("@Ping", [](const VoltCall&, const Answered& answered) { answered(statusZero()); });
    addStatistics("TABLE", [this](const VoltCall&, const Answered& answered) {
        const VoltAnswer answer = tableStatistics();
        whenPublished([answered, answer](const Status& seen) {
            answered(seen ? answer : VoltAnswer::failed(CallStatus::UnexpectedFailure, seen.error().text()));
        });
    });
    addStatistics("PARTITIONCOUNT", [this](const VoltCall&, const Answered& answered) {
        answered(answerOf(
            {{{"TIMESTAMP", ColumnType::Bigint}, number("HOST_ID"), text("HOSTNAME"), number("PARTITION_COUNT")},
             {{node_.seams().clock.wallMs(), std::int64_t{settings_->hostId}, settings_->hostName,
               std::int64_t{schema()->partitions()}}}}));
    });
}

void VoltControl::statistics(const VoltCall& call, const Answered& answered) {
    const std::string selector = wordOf(call, 0);
    const auto at = statistics_.find(selector);
    if (at != statistics_.end()) {
        at->second(call, answered);
        return;
    }
    std::string known;
    for (const auto& [name, procedure] : statistics_) known += (known.empty() ? "" : ", ") + name;
    answered(refusedCall(fmt::format("Invalid @Statistics selector: {}; this host knows {}", selector, known)));
}

VoltAnswer VoltControl::systemInformation(const VoltCall& call) const {
    const std::string what = call.parameters.empty() ? "OVERVIEW" : wordOf(call, 0);
    const auto known = schema();
    const std::int64_t nowMs = node_.seams().clock.wallMs();
    std::vector<std::pair<std::string, std::string>> rows;
    if (what == "OVERVIEW") {
        const std::int64_t upMs = (node_.seams().clock.monotonicUs() - node_.startedUs()) / 1'000;
        const std::string interface = settings_->drInterface;
        rows = {{"HOSTNAME", settings_->hostName},
                {"CLUSTERSTATE", isPaused_ ? "Paused" : "Running"},
                {"CLUSTERSAFETY", "FULL"},
                {"REPLICATIONROLE", isReplica_ ? "REPLICA" : "NONE"},
                {"CLUSTERID", std::to_string(known->clusterId())},
                {"CREATIONTIME", std::to_string(known->creationUs() / 1000)},
                {"STARTTIME", std::to_string(nowMs - upMs)},
                {"UPTIME", uptimeText(upMs / 1'000)},
                {"FULLCLUSTERSIZE", "1"},
                {"DRINTERFACE", interface},
                {"DRPORT", settings_->drPort == 0 ? std::string() : std::to_string(settings_->drPort)},
                {"DRPUBLICINTERFACE", interface},
                {"DRPUBLICPORT", settings_->drPort == 0 ? std::string() : std::to_string(settings_->drPort)},
                {"VERSION", std::string(kVersion)},
                {"PID", std::to_string(node_.config().pid)}};
    } else if (what == "DEPLOYMENT") {
        constexpr std::array<const char*, 4> kRoles{"none", "master", "replica", "xdcr"};
        rows = {{"hostcount", "1"},
                {"sitesperhost", std::to_string(known->partitions())},
                {"kfactor", std::to_string(settings_->kfactor)},
                {"commandlogenabled", settings_->commandLog == "off" ? "false" : "true"},
                {"commandlogmode", settings_->commandLog == "synchronous" ? "sync" : "async"},
                {"drrole", kRoles[static_cast<std::size_t>(settings_->role)]}};
        for (const auto& [key, value] : settings_->deployment) rows.emplace_back(key, value);
    } else {
        return refusedCall(
            fmt::format("Invalid @SystemInformation selector: {}; there are OVERVIEW and DEPLOYMENT", what));
    }
    ResultTable out;
    if (what == "OVERVIEW") out.columns.push_back({"HOST_ID", ColumnType::Integer});
    out.columns.push_back(text(what == "OVERVIEW" ? "KEY" : "PROPERTY"));
    out.columns.push_back(text("VALUE"));
    for (auto& [key, value] : rows) {
        RowImage row;
        if (what == "OVERVIEW") row.emplace_back(std::int64_t{settings_->hostId});
        row.emplace_back(std::move(key));
        row.emplace_back(std::move(value));
        out.rows.push_back(std::move(row));
    }
    return answerOf(std::move(out));
}

VoltAnswer VoltControl::tableStatistics() {
    ResultTable out{{number("TIMESTAMP"), number("HOST_ID"), text("HOSTNAME"), number("SITE_ID"),
                     number("PARTITION_ID"), text("TABLE_NAME"), text("TABLE_TYPE"), number("TUPLE_COUNT"),
                     number("TUPLE_ALLOCATED_MEMORY"), number("TUPLE_DATA_MEMORY"), number("STRING_DATA_MEMORY"),
                     number("TUPLE_LIMIT"), number("PERCENT_FULL"), text("DR"), text("EXPORT")},
                    {}};
    const auto known = schema();
    const auto session = unit()->session();
    if (!session) return VoltAnswer::failed(CallStatus::UnexpectedFailure, session.error().text());
    for (const auto& [name, table] : known->catalog().tables) {
        const std::string sql =
            table.partitionColumn
                ? fmt::format("SELECT volt_partition({0}), count(*) FROM main.{1} GROUP BY 1",
                              quotedName(table.columns[*table.partitionColumn].name), quotedName(name))
                : fmt::format("SELECT 0, count(*) FROM main.{}", quotedName(name));
        const auto counted = session.value()->run(sql);
        if (!counted) return VoltAnswer::failed(CallStatus::UnexpectedFailure, counted.error().text());
        std::vector<std::int64_t> counts(static_cast<std::size_t>(known->partitions()));
        for (const SqlRow& row : counted.value().rows) {
            counts[static_cast<std::size_t>(std::get<std::int64_t>(row[0]))] = std::get<std::int64_t>(row[1]);
        }
        for (std::int64_t partition = 0; partition < known->partitions(); ++partition) {
            const std::int64_t count = counts[table.partitionColumn ? static_cast<std::size_t>(partition) : 0];
            // How much memory of ours a tuple takes is not known: the file holds it.
            out.rows.push_back({node_.seams().clock.wallMs(),
                                std::int64_t{settings_->hostId},
                                settings_->hostName,
                                partition,
                                partition,
                                name,
                                std::string("PersistentTable"),
                                count,
                                {},
                                {},
                                {},
                                {},
                                {},
                                std::string(table.isDr ? "true" : "false"),
                                std::string("false")});
        }
    }
    return answerOf(std::move(out));
}

}  // namespace tributary::engine::voltdb
