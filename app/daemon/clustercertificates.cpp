// Certificates of a workspace's clusters, from whichever files hold them.
#include "app/daemon/clustercertificates.h"

#include <sys/stat.h>
#include <unistd.h>

#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

Result<Bytes> textOf(const std::string& path, const std::string& settings) {
    engine::RealFileOps files;
    auto text = files.readAll(path);
    if (text) return text;
    Error error = text.error();
    error.where = path;
    error.fix = "put the file there, or correct tls: in " + settings;
    return error;
}

Status closedToOthers(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 || (info.st_mode & 077U) == 0) return okStatus();
    return Error{ErrorCode::PermissionDenied, "the key can be read by others", path, "chmod 600 " + path};
}

}  // namespace

std::string ClusterCertificates::folder(const std::string& cluster) const {
    return paths_.state() + "/clusters/" + cluster + "/tls";
}

Result<std::optional<ClusterTlsFiles>> ClusterCertificates::named(const std::string& cluster) const {
    const auto settings = loadSettings(paths_);
    if (!settings) return settings.error();
    const auto at = settings.value().tls.find(cluster);
    if (at == settings.value().tls.end()) return std::optional<ClusterTlsFiles>();
    return std::optional(at->second);
}

Status ClusterCertificates::keysClosed(const std::string& cluster) const {
    for (const char* name : {"/authority.pem", "/cluster.pem"}) {
        if (Status closed = closedToOthers(folder(cluster) + name); !closed) return closed;
    }
    return okStatus();
}

bool ClusterCertificates::wanted(const std::string& cluster) const {
    const auto own = named(cluster);
    if (!own || own.value().has_value()) return true;
    // The folder alone: a certificate that was lost is no reason to open the doors to everybody.
    return ::access(folder(cluster).c_str(), F_OK) == 0;
}

Result<engine::TlsIdentity> ClusterCertificates::identity(const std::string& cluster) const {
    const auto own = named(cluster);
    if (!own) return own.error();
    if (!own.value()) {
        if (Status closed = keysClosed(cluster); !closed) return closed.error();
        engine::RealFileOps files;
        return engine::CertificateAuthority(files, folder(cluster), cluster).identity();
    }
    const ClusterTlsFiles& at = *own.value();
    if (Status closed = closedToOthers(at.key); !closed) return closed.error();
    auto certificate = textOf(at.certificate, settingsPath(paths_));
    if (!certificate) return certificate.error();
    auto key = textOf(at.key, settingsPath(paths_));
    if (!key) return key.error();
    const auto parsed = engine::certificateOfPem(certificate.value(), at.certificate);
    if (!parsed) return parsed.error();
    if (Status matches = engine::checkKeyOf(parsed.value(), key.value(), at.key); !matches) return matches.error();
    return engine::TlsIdentity{cluster, {std::move(certificate).value(), std::move(key).value()}};
}

Result<engine::CertificateTrust> ClusterCertificates::trust(const std::string& cluster) const {
    const auto own = named(cluster);
    if (!own) return own.error();
    if (!own.value()) {
        engine::RealFileOps files;
        return engine::CertificateAuthority(files, folder(cluster), cluster).trust();
    }
    const ClusterTlsFiles& at = *own.value();
    auto authority = textOf(at.authority, settingsPath(paths_));
    if (!authority) return authority.error();
    engine::CertificateTrust out{std::move(authority).value(), {}, at.authority, at.revoked};
    if (at.revoked.empty()) return out;
    auto revoked = textOf(at.revoked, settingsPath(paths_));
    if (!revoked) return revoked.error();
    out.revokedPem = std::move(revoked).value();
    return out;
}

Result<engine::Certificate> ClusterCertificates::holds(const std::string& cluster, std::int64_t nowS) const {
    const auto own = identity(cluster);
    if (!own) return own.error();
    const auto trusted = trust(cluster);
    if (!trusted) return trusted.error();
    const auto certificate = engine::certificateOfPem(own.value().own.certificatePem, folder(cluster));
    if (!certificate) return certificate.error();
    const auto verdict = engine::judgeCertificate(certificate.value().der, cluster, trusted.value(), nowS);
    if (!verdict.status) return verdict.status.error();
    return certificate;
}

}  // namespace tributary::app
