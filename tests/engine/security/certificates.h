// Authorities in memory for tests: a cluster with certificates, at a time that the test says.
#pragma once

#include <string>

#include "engine/machine/realrandom.h"
#include "engine/security/authority.h"

namespace tributary::engine::test {

inline constexpr std::int64_t kNowS = 1'800'000'000;  // 2027-01-15
inline constexpr std::int64_t kDayS = CertificateAuthority::kDayS;

/// An authority with one certificate of its cluster, both valid from a day before kNowS for a year.
struct MadeCluster {
    explicit MadeCluster(std::string named, std::int64_t endsS = kNowS + 365 * kDayS,
                         std::int64_t beginsS = kNowS - kDayS)
        : name(std::move(named)) {
        authority = makeAuthority({"Authority of " + name, name, kUuid, beginsS, kNowS + 3'650 * kDayS}, random);
        own = issueCertificate({name, name, kUuid, beginsS, endsS}, authority, random).value();
        revoke({});
    }
    void revoke(const std::vector<RevokedCertificate>& serials) {
        revoked = signRevoked({++lists, serials}, authority, kNowS).value();
    }
    [[nodiscard]] CertificateTrust trust() const {
        return {authority.certificatePem, revoked, "authority.crt", "revoked.crl"};
    }
    [[nodiscard]] Certificate certificate() const { return certificateOfPem(own.certificatePem, "own").value(); }

    static constexpr const char* kUuid = "11111111-2222-4333-8444-555555555555";
    std::string name;
    RealRandom random;
    CertifiedKey authority;
    CertifiedKey own;
    Bytes revoked;
    std::uint64_t lists = 0;
};

}  // namespace tributary::engine::test
