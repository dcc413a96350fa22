// Certificates as this program reads them: whose one is, until when, and whether an authority stands for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

/// Certificates, keys and lists are files of some kilobytes; what is larger is none.
inline constexpr std::size_t kPemBytesMax = 256U << 10U;

/// What one certificate says. Nothing of it counts before judgeCertificate() has said so.
struct Certificate {
    Bytes der;
    std::string serial;                 ///< hexadecimal digits in lower case
    std::string subject;                ///< its common name, for people
    std::vector<std::string> clusters;  ///< that it may stand for
    std::string uuid;                   ///< of the cluster's authority; empty in those that others made
    std::int64_t beginsS = 0;           ///< seconds since 1970
    std::int64_t endsS = 0;
    bool authority = false;  ///< may sign others
};

/// The first certificate in the text of a file. `file` is named in errors: Corrupt (none in it, damaged, too large).
[[nodiscard]] Result<Certificate> certificateOfPem(BytesView pem, const std::string& file);
/// Corrupt.
[[nodiscard]] Result<Certificate> certificateOfDer(BytesView der);
[[nodiscard]] Bytes pemOf(const Certificate& certificate);
/// Whether `keyPem` is the key of the certificate. Errors: Corrupt (no key), Conflict (another's).
[[nodiscard]] Status checkKeyOf(const Certificate& certificate, BytesView keyPem, const std::string& file);

/// Who stands for the certificates of a cluster.
struct CertificateTrust {
    Bytes authorityPem;
    Bytes revokedPem;           ///< list of revoked ones, signed by the authority
    std::string authorityFile;  ///< for errors
    std::string revokedFile;    ///< the same; empty = the authority keeps no list
};

enum class CertificateProblem { None, Malformed, Foreign, NotYetValid, Expired, Revoked, NoTrust };

/// What came of looking at a certificate.
struct CertificateVerdict {
    CertificateProblem problem = CertificateProblem::None;
    Status status;  ///< with the sentence and the command to try
    Certificate certificate;

    [[nodiscard]] bool good() const { return problem == CertificateProblem::None; }
};

/// Whether a certificate is one of `cluster`, signed by its authority, not revoked, and valid at `nowS` (seconds since
/// 1970). Errors in it: PermissionDenied (foreign, expired, revoked), Corrupt (malformed, or a damaged file of the
/// trust: NoTrust). Any thread.
[[nodiscard]] CertificateVerdict judgeCertificate(BytesView der, const std::string& cluster,
                                                  const CertificateTrust& trust, std::int64_t nowS);

/// "2027-11-28".
[[nodiscard]] std::string dayOf(std::int64_t seconds);
/// Days until `endsS`, rounded down: 0 on the last one, negative afterwards.
[[nodiscard]] std::int64_t daysUntil(std::int64_t endsS, std::int64_t nowS);

/// The name that stands for a cluster in a certificate, and back; empty when it is none.
[[nodiscard]] std::string clusterUri(const std::string& cluster);
[[nodiscard]] std::string clusterOfUri(const std::string& uri);

}  // namespace tributary::engine
