// Making keys, certificates and lists of revoked ones. Bytes in, bytes out; files are authority.h's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/seams/random.h"

namespace tributary::engine {

/// A certificate with its key, both as text of PEM files.
struct CertifiedKey {
    Bytes certificatePem;
    Bytes keyPem;
};

/// What is to be in a certificate. Its key is a fresh one on the curve P-256, from the library's own generator.
struct CertificateWish {
    std::string subject;  ///< for people; cut to what a certificate holds
    std::string cluster;
    std::string uuid;  ///< of the cluster's authority
    std::int64_t beginsS = 0;
    std::int64_t endsS = 0;
};

/// A certificate that signs itself, for the authority of a cluster.
[[nodiscard]] CertifiedKey makeAuthority(const CertificateWish& wish, Random& random);
/// A certificate that the authority signs. Errors: Corrupt (the authority's certificate or key does not parse).
[[nodiscard]] Result<CertifiedKey> issueCertificate(const CertificateWish& wish, const CertifiedKey& authority,
                                                    Random& random);

/// One line of a list of revoked certificates.
struct RevokedCertificate {
    std::string serial;  ///< as Certificate::serial
    std::int64_t atS = 0;
};
struct RevokedList {
    std::uint64_t number = 0;  ///< rises with each list
    std::vector<RevokedCertificate> revoked;
};
/// The list, signed. It holds until the authority ends: a list that lapsed would shut every door of a workspace that
/// nobody looked at for a month. Errors: Corrupt.
[[nodiscard]] Result<Bytes> signRevoked(const RevokedList& list, const CertifiedKey& authority, std::int64_t nowS);
/// Errors: Corrupt (no list), naming `file`. The signature is not looked at: judgeCertificate() does.
[[nodiscard]] Result<RevokedList> revokedOfPem(BytesView pem, const std::string& file);

}  // namespace tributary::engine
