// What the wire's security is made of: HMAC-SHA-256 for proofs and keys, a MAC per frame, comparison in constant time.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/bytes.h"

namespace tributary::engine {

constexpr std::size_t kWireKeyBytes = 32;
constexpr std::size_t kMacBytes = 16;  ///< behind every frame over TCP

/// 32 bytes. Throws std::bad_alloc when the library has no memory.
[[nodiscard]] Bytes hmacSha256(BytesView key, BytesView message);

/// Compares without telling by its duration where the difference is; false for different lengths.
[[nodiscard]] bool equalInConstantTime(BytesView a, BytesView b);

/// The MACs of one direction of one session: GMAC (AES-256-GCM that encrypts nothing) whose nonce is the frame's
/// number, so that a frame counts in its own place of its own direction only. The key is of this session alone: no
/// number ever meets it twice. Not thread-safe.
class FrameMac {
public:
    /// `key` has kWireKeyBytes. Throws std::bad_alloc when the library has no memory.
    explicit FrameMac(BytesView key);
    ~FrameMac();
    FrameMac(FrameMac&&) noexcept;
    FrameMac& operator=(FrameMac&&) noexcept;

    /// Appends the MAC of the next frame, which is all of `frame`.
    void seal(Bytes& frame);
    /// Judges the next frame. After a false one every other is false, too.
    [[nodiscard]] bool check(BytesView frame, BytesView mac);

private:
    struct Cipher;
    void compute(BytesView frame, char* mac);

    std::unique_ptr<Cipher> cipher_;
    std::uint64_t next_ = 0;
    bool failed_ = false;
};

}  // namespace tributary::engine
