// One result type for the whole product: a value or an Error that says what, where and what next.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tributary {

/// What kind of failure it was. Callers branch on this, never on the text.
enum class ErrorCode {
    InvalidInput,      ///< the caller's words are wrong: unknown option, bad path, malformed file
    NotFound,          ///< the named thing does not exist
    AlreadyExists,     ///< the named thing exists and must not
    PermissionDenied,  ///< the acting user lacks a permission; `what` names it
    Conflict,          ///< the state forbids it now (read-only, bulk load, lock held, agreement missing)
    Corrupt,           ///< bytes that were once good are not any more, or were never valid
    Io,                ///< the operating system refused
    DiskFull,          ///< no space: writes are refused until space returns
    Timeout,           ///< no answer in time; the effect is in doubt
    Cancelled,         ///< somebody asked to stop
    Unavailable,       ///< the other end cannot be reached
    Unsupported,       ///< understood, not possible for this kind or version
    Internal           ///< our own mistake
};

/// Stable lower-case name of a code, as used in JSON output.
[[nodiscard]] std::string_view errorCodeName(ErrorCode code);

/// A failure as a person reads it. `what` is a sentence, `where` the place (file:line:column, option,
/// path; may be empty) and `fix` the next command or edit to try (may be empty).
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string what;
    std::string where;
    std::string fix;

    /// "where: what" or "what", without the fix.
    [[nodiscard]] std::string text() const { return where.empty() ? what : where + ": " + what; }
    /// text() followed by a second line with the fix when there is one.
    [[nodiscard]] std::string full() const { return fix.empty() ? text() : text() + "\n  try: " + fix; }
};

/// A T or an Error. Ignoring one is a compile error.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] T& value() & {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        assert(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        assert(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    [[nodiscard]] T valueOr(T other) const& { return ok() ? value() : std::move(other); }
    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *std::get_if<1>(&state_);
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return !error_.has_value(); }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *error_;
    }

private:
    std::optional<Error> error_;
};

using Status = Result<void>;

/// The successful Status, spelt as a sentence at return sites.
[[nodiscard]] inline Status okStatus() {
    return {};
}

}  // namespace tributary
