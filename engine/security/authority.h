// The authority of one cluster as a folder of files: who may stand for the cluster, and who may not any more.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/seams/fileops.h"
#include "engine/seams/random.h"
#include "engine/security/certificate.h"
#include "engine/security/issuing.h"

namespace tributary::engine {

/// One end's own certificate, as it is presented.
struct TlsIdentity {
    std::string cluster;
    CertifiedKey own;
};

/// A certificate that the authority has issued.
struct IssuedCertificate {
    enum class State { InUse, Valid, Expired, Revoked };
    Certificate certificate;
    State state = State::Valid;
};

struct AuthorityListing {
    Certificate authority;
    std::vector<IssuedCertificate> issued;  ///< the one in use first, then by their beginning, newest first
};

/// The files are in README.md. Every write is a whole file that appears at once; what a crash left undone of init() is
/// done by the next one. Errors of all calls name the file and what to do: NotFound (the cluster has no certificates),
/// Corrupt (damaged), Conflict (another's), Io, DiskFull. Who else may read the files is their owner's business. Any
/// thread; one writer at a time.
class CertificateAuthority {
public:
    static constexpr std::int64_t kDayS = 86'400;
    static constexpr std::int64_t kAuthorityDays = 3'650;
    static constexpr std::int64_t kCertificateDays = 365;
    static constexpr std::int64_t kBackdatedS = 3'600;  ///< a machine whose clock is behind takes it, too

    CertificateAuthority(FileOps& files, std::string folder, std::string cluster)
        : files_(files), folder_(std::move(folder)), cluster_(std::move(cluster)) {}

    /// Whether init() has come to its end.
    [[nodiscard]] bool exists() const;
    /// Makes the authority, its list and the cluster's first certificate. AlreadyExists when it has.
    Result<Certificate> init(Random& random, std::int64_t nowS);
    /// A certificate and key of the cluster for another host or program; only the certificate is kept here.
    /// InvalidInput for a number of days that is none.
    Result<CertifiedKey> issue(const std::string& subject, std::int64_t days, Random& random, std::int64_t nowS);
    /// A new certificate for the cluster itself, in use from the next handshake on. The old one stays good until it is
    /// revoked or ends.
    Result<Certificate> rotate(Random& random, std::int64_t nowS);
    /// From the next handshake on `serial` is refused. NotFound (never issued here), Conflict (the one in use).
    Result<Certificate> revoke(const std::string& serial, std::int64_t nowS);
    [[nodiscard]] Result<AuthorityListing> list(std::int64_t nowS) const;

    /// What the cluster presents.
    [[nodiscard]] Result<TlsIdentity> identity() const;
    /// What its certificates are judged by.
    [[nodiscard]] Result<CertificateTrust> trust() const;

private:
    [[nodiscard]] std::string at(const std::string& name) const { return folder_ + "/" + name; }
    [[nodiscard]] Result<Bytes> open(const std::string& name) const;
    [[nodiscard]] Result<CertifiedKey> authority() const;
    [[nodiscard]] Error missing() const;
    [[nodiscard]] std::string lockName() const { return at("lock"); }
    Result<CertifiedKey> made(const std::string& subject, std::int64_t days, Random& random, std::int64_t nowS);
    Result<Certificate> put(Random& random, std::int64_t nowS);

    FileOps& files_;
    std::string folder_;
    std::string cluster_;
};

}  // namespace tributary::engine
