// Formatting of findings.
#include "core/rules/findings.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace tributary {

namespace {

std::string counted(std::size_t count, std::string_view word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

std::string formatFindings(const std::vector<Finding>& findings, std::string_view file) {
    if (findings.empty()) return fmt::format("{}: no findings\n", file);
    std::string out;
    for (const Finding& finding : findings) {
        const std::string place = finding.pos.known()
                                      ? fmt::format("{}:{}:{}", file, finding.pos.line, finding.pos.column)
                                      : std::string(file);
        out += fmt::format("{}: {}: {} [{}]\n    at {}\n    fix: {}\n", place, severityName(finding.severity),
                           finding.reason, finding.rule, finding.where, finding.fix);
    }
    return out + fmt::format("{}, {}, {}\n", counted(countOf(findings, Severity::Error), "error"),
                             counted(countOf(findings, Severity::Warning), "warning"),
                             counted(countOf(findings, Severity::Info), "info"));
}

std::string formatFindingsJson(const std::vector<Finding>& findings, std::string_view file) {
    using Json = nlohmann::ordered_json;
    Json list = Json::array();
    for (const Finding& finding : findings) {
        Json each;
        each["rule"] = finding.rule;
        each["severity"] = severityName(finding.severity);
        each["where"] = finding.where;
        each["line"] = finding.pos.known() ? Json(finding.pos.line) : Json(nullptr);
        each["column"] = finding.pos.known() ? Json(finding.pos.column) : Json(nullptr);
        each["reason"] = finding.reason;
        each["fix"] = finding.fix;
        each["quickFix"] = finding.edit ? Json(finding.edit->title()) : Json(nullptr);
        list.push_back(std::move(each));
    }
    Json out;
    out["file"] = file;
    out["errors"] = countOf(findings, Severity::Error);
    out["warnings"] = countOf(findings, Severity::Warning);
    out["infos"] = countOf(findings, Severity::Info);
    out["findings"] = std::move(list);
    // Paths come from the user: bytes that are not UTF-8 are replaced rather than thrown at.
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tributary
