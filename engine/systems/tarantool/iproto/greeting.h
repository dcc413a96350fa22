// The 128 bytes with which an instance opens every connection, and the proof of a password against its salt.
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/uuid.h"

namespace tributary::engine::tarantool {

/// Line 1: "Tarantool 2.6.0 (Binary) UUID", line 2: 32 random bytes in base64; each padded to 63 bytes and a line end.
struct Greeting {
    static constexpr std::size_t kSize = 128;
    static constexpr std::size_t kSaltBytes = 32;
    static constexpr std::size_t kScrambleBytes = 20;  ///< so much of the salt goes into the proof

    std::string version;     ///< "2.6.0"
    bool isConsole = false;  ///< a text console ("Lua console") answers there, which has neither uuid nor salt
    Uuid instance;
    Bytes salt;

    /// From exactly kSize bytes. Errors: Corrupt when no Tarantool greets so.
    static Result<Greeting> decode(BytesView bytes);
    [[nodiscard]] Bytes encode() const;
};

/// The proof of the method chap-sha1: sha1(password) xor sha1(salt's first 20 bytes, sha1(sha1(password))).
[[nodiscard]] Bytes chapSha1(BytesView salt, std::string_view password);
/// Whether a proof fits the stored hash sha1(sha1(password)): what an instance keeps instead of passwords.
[[nodiscard]] bool provesChapSha1(BytesView salt, BytesView storedHash, BytesView proof);
/// sha1(sha1(password)).
[[nodiscard]] Bytes storedPasswordHash(std::string_view password);
/// The same in base64, as a row of _user keeps it.
[[nodiscard]] Bytes passwordProof(std::string_view password);
/// What such a text stands for; empty when it is none.
[[nodiscard]] Bytes hashOfProof(BytesView text);

}  // namespace tributary::engine::tarantool
