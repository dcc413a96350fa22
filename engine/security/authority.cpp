// The files of an authority.
#include "engine/security/authority.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/uuid.h"

namespace tributary::engine {
namespace {

constexpr const char* kAuthorityFile = "authority.pem";  // certificate and key in one: they change at once or not
constexpr const char* kAuthorityCertificate = "authority.crt";
constexpr const char* kRevokedFile = "revoked.crl";
constexpr const char* kClusterFile = "cluster.pem";
constexpr const char* kIssuedFolder = "issued";
constexpr std::int64_t kDaysMax = 3'650;

/// Certificate and key out of a file that holds both.
CertifiedKey parted(const Bytes& pem) {
    const std::size_t key = pem.find("-----BEGIN PRIVATE KEY-----");
    if (key == std::string::npos) return {pem, {}};
    return {pem.substr(0, key), pem.substr(key)};
}

}  // namespace

bool CertificateAuthority::exists() const {
    return files_.exists(at(kClusterFile));
}

Error CertificateAuthority::missing() const {
    return {ErrorCode::NotFound,
            fmt::format("cluster {} has no certificates", cluster_),
            {},
            "tributary cert init " + cluster_};
}

Result<Bytes> CertificateAuthority::open(const std::string& name) const {
    auto text = files_.readAll(at(name));
    if (text || text.error().code != ErrorCode::NotFound) return text;
    if (!files_.exists(at(kAuthorityFile))) return missing();
    return Error{ErrorCode::Corrupt, "the file is missing", at(name),
                 fmt::format("put it back from a backup; while it was never there: tributary cert init {}", cluster_)};
}

Result<CertifiedKey> CertificateAuthority::authority() const {
    const auto text = open(kAuthorityFile);
    if (!text) return text.error();
    CertifiedKey out = parted(text.value());
    const auto certificate = certificateOfPem(out.certificatePem, at(kAuthorityFile));
    if (!certificate) return certificate.error();
    if (Status matches = checkKeyOf(certificate.value(), out.keyPem, at(kAuthorityFile)); !matches) {
        return matches.error();
    }
    const std::vector<std::string>& named = certificate.value().clusters;
    if (named != std::vector<std::string>{cluster_}) {
        return Error{ErrorCode::Conflict, fmt::format("the authority is not cluster {}'s", cluster_),
                     at(kAuthorityFile), "put the cluster's own file back from a backup"};
    }
    return out;
}

Result<Certificate> CertificateAuthority::init(Random& random, std::int64_t nowS) {
    if (exists()) {
        return Error{ErrorCode::AlreadyExists, fmt::format("cluster {} has certificates already", cluster_), folder_,
                     fmt::format("tributary cert list {0}; for a new one: tributary cert rotate {0}", cluster_)};
    }
    if (Status folders = files_.makeDirs(at(kIssuedFolder)); !folders) return folders.error();
    const auto lock = files_.lock(lockName());
    if (!lock) return lock.error();
    if (!files_.exists(at(kAuthorityFile))) {
        const std::uint64_t high = random.next();
        const Uuid uuid = Uuid::fromRandom(high, random.next());
        const CertifiedKey made = makeAuthority({.subject = "Authority of " + cluster_,
                                                 .cluster = cluster_,
                                                 .uuid = uuid.text(),
                                                 .beginsS = nowS - kBackdatedS,
                                                 .endsS = nowS + kAuthorityDays * kDayS},
                                                random);
        if (Status put = files_.replace(at(kAuthorityFile), made.certificatePem + made.keyPem, true); !put) {
            return put.error();
        }
    }
    const auto by = authority();
    if (!by) return by.error();
    if (Status put = files_.replace(at(kAuthorityCertificate), by.value().certificatePem, true); !put) {
        return put.error();
    }
    if (!files_.exists(at(kRevokedFile))) {
        const auto none = signRevoked({1, {}}, by.value(), nowS);
        if (!none) return none.error();
        if (Status put = files_.replace(at(kRevokedFile), none.value(), true); !put) return put.error();
    }
    return put(random, nowS);
}

/// A certificate, noted among the issued before anybody has it.
Result<CertifiedKey> CertificateAuthority::made(const std::string& subject, std::int64_t days, Random& random,
                                                std::int64_t nowS) {
    if (days < 1 || days > kDaysMax) {
        return Error{ErrorCode::InvalidInput, fmt::format("a certificate holds 1 to {} days", kDaysMax), {}, {}};
    }
    const auto by = authority();
    if (!by) return by.error();
    const auto authority = certificateOfPem(by.value().certificatePem, at(kAuthorityFile));
    if (!authority) return authority.error();
    if (authority.value().endsS <= nowS) {
        return Error{ErrorCode::Conflict,
                     fmt::format("the authority of cluster {} ended on {}", cluster_, dayOf(authority.value().endsS)),
                     at(kAuthorityFile), fmt::format("move {} away, then tributary cert init {}", folder_, cluster_)};
    }
    auto issued = issueCertificate({.subject = subject,
                                    .cluster = cluster_,
                                    .uuid = authority.value().uuid,
                                    .beginsS = nowS - kBackdatedS,
                                    .endsS = std::min(nowS + days * kDayS, authority.value().endsS)},
                                   by.value(), random);
    if (!issued) return issued.error();
    const auto certificate = certificateOfPem(issued.value().certificatePem, at(kIssuedFolder));
    if (!certificate) return certificate.error();
    const std::string name = fmt::format("{}/{}.crt", kIssuedFolder, certificate.value().serial);
    if (Status noted = files_.replace(at(name), issued.value().certificatePem, true); !noted) return noted.error();
    return issued;
}

Result<Certificate> CertificateAuthority::put(Random& random, std::int64_t nowS) {
    const auto fresh = made(cluster_, kCertificateDays, random, nowS);
    if (!fresh) return fresh.error();
    const Bytes both = fresh.value().certificatePem + fresh.value().keyPem;
    if (Status put = files_.replace(at(kClusterFile), both, true); !put) return put.error();
    return certificateOfPem(fresh.value().certificatePem, at(kClusterFile));
}

Result<CertifiedKey> CertificateAuthority::issue(const std::string& subject, std::int64_t days, Random& random,
                                                 std::int64_t nowS) {
    if (!exists()) return missing();
    const auto lock = files_.lock(lockName());
    if (!lock) return lock.error();
    return made(subject, days, random, nowS);
}

Result<Certificate> CertificateAuthority::rotate(Random& random, std::int64_t nowS) {
    if (!exists()) return missing();
    const auto lock = files_.lock(lockName());
    if (!lock) return lock.error();
    return put(random, nowS);
}

Result<Certificate> CertificateAuthority::revoke(const std::string& serial, std::int64_t nowS) {
    if (!exists()) return missing();
    const auto lock = files_.lock(lockName());
    if (!lock) return lock.error();
    const auto listing = list(nowS);
    if (!listing) return listing.error();
    const auto& issued = listing.value().issued;
    const auto found = std::find_if(issued.begin(), issued.end(),
                                    [&](const IssuedCertificate& one) { return one.certificate.serial == serial; });
    if (found == issued.end()) {
        return Error{ErrorCode::NotFound,
                     fmt::format("the authority of cluster {} has issued no certificate {}", cluster_, serial),
                     {},
                     "tributary cert list " + cluster_};
    }
    if (found->state == IssuedCertificate::State::InUse) {
        return Error{ErrorCode::Conflict,
                     fmt::format("cluster {} itself uses certificate {}", cluster_, serial),
                     {},
                     fmt::format("tributary cert rotate {0}, then tributary cert revoke {0} {1}", cluster_, serial)};
    }
    if (found->state == IssuedCertificate::State::Revoked) return found->certificate;
    const auto by = authority();
    if (!by) return by.error();
    const auto text = open(kRevokedFile);
    if (!text) return text.error();
    auto revoked = revokedOfPem(text.value(), at(kRevokedFile));
    if (!revoked) return revoked.error();
    revoked.value().number += 1;
    revoked.value().revoked.push_back({serial, nowS});
    const auto fresh = signRevoked(revoked.value(), by.value(), nowS);
    if (!fresh) return fresh.error();
    if (Status put = files_.replace(at(kRevokedFile), fresh.value(), true); !put) return put.error();
    return found->certificate;
}

Result<AuthorityListing> CertificateAuthority::list(std::int64_t nowS) const {
    const auto own = identity();
    if (!own) return own.error();
    const auto used = certificateOfPem(own.value().own.certificatePem, at(kClusterFile));
    if (!used) return used.error();
    const auto trusted = trust();
    if (!trusted) return trusted.error();
    AuthorityListing out;
    auto by = certificateOfPem(trusted.value().authorityPem, at(kAuthorityCertificate));
    if (!by) return by.error();
    out.authority = std::move(by).value();
    const auto names = files_.list(at(kIssuedFolder));
    if (!names) return names.error();
    out.issued.reserve(names.value().size());
    for (const std::string& name : names.value()) {
        if (!name.ends_with(".crt")) continue;  // what a crash left of a write
        const std::string path = fmt::format("{}/{}", kIssuedFolder, name);
        const auto text = open(path);
        if (!text) return text.error();
        const auto certificate = certificateOfPem(text.value(), at(path));
        if (!certificate) return certificate.error();
        const CertificateVerdict verdict = judgeCertificate(certificate.value().der, cluster_, trusted.value(), nowS);
        using State = IssuedCertificate::State;
        State state = certificate.value().serial == used.value().serial ? State::InUse : State::Valid;
        switch (verdict.problem) {
            case CertificateProblem::Revoked: state = State::Revoked; break;
            case CertificateProblem::Expired: state = State::Expired; break;
            case CertificateProblem::None:
            case CertificateProblem::NotYetValid: break;
            default: {
                Error error = verdict.status.error();
                error.where = error.where.empty() ? at(path) : error.where;
                return error;
            }
        }
        out.issued.push_back({certificate.value(), state});
    }
    std::sort(out.issued.begin(), out.issued.end(), [&](const IssuedCertificate& a, const IssuedCertificate& b) {
        const bool usedA = a.certificate.serial == used.value().serial;
        const bool usedB = b.certificate.serial == used.value().serial;
        if (usedA != usedB) return usedA;
        if (a.certificate.beginsS != b.certificate.beginsS) return a.certificate.beginsS > b.certificate.beginsS;
        return a.certificate.serial < b.certificate.serial;
    });
    return out;
}

Result<TlsIdentity> CertificateAuthority::identity() const {
    const auto text = open(kClusterFile);
    if (!text) return text.error();
    TlsIdentity out{cluster_, parted(text.value())};
    const auto certificate = certificateOfPem(out.own.certificatePem, at(kClusterFile));
    if (!certificate) return certificate.error();
    if (Status matches = checkKeyOf(certificate.value(), out.own.keyPem, at(kClusterFile)); !matches) {
        return matches.error();
    }
    return out;
}

Result<CertificateTrust> CertificateAuthority::trust() const {
    auto by = open(kAuthorityCertificate);
    if (!by) return by.error();
    auto revoked = open(kRevokedFile);
    if (!revoked) return revoked.error();
    return CertificateTrust{std::move(by).value(), std::move(revoked).value(), at(kAuthorityCertificate),
                            at(kRevokedFile)};
}

}  // namespace tributary::engine
