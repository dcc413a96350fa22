// Which certificates the clusters of a workspace have: those of its own authorities, or files that settings.yaml names.
#pragma once

#include <string>

#include "core/workspace/settings.h"
#include "core/workspace/workspace.h"
#include "engine/security/authority.h"

namespace tributary::app {

/// Reads files at each call, so that what was rotated or revoked counts at once. Any thread.
class ClusterCertificates {
public:
    explicit ClusterCertificates(WorkspacePaths paths) : paths_(std::move(paths)) {}

    /// Whether the cluster's doors speak TLS: it has certificates, or should have, since its folder or the settings say
    /// so. Files that cannot be read are no reason to speak without.
    [[nodiscard]] bool wanted(const std::string& cluster) const;
    /// What the cluster presents. Errors: NotFound (it has none), and those that name a file and what to do.
    [[nodiscard]] Result<engine::TlsIdentity> identity(const std::string& cluster) const;
    /// What its certificates are judged by. The same errors.
    [[nodiscard]] Result<engine::CertificateTrust> trust(const std::string& cluster) const;
    /// Whether others will take what the cluster presents; its certificate. Errors also: PermissionDenied (expired,
    /// revoked, not signed by the authority).
    [[nodiscard]] Result<engine::Certificate> holds(const std::string& cluster, std::int64_t nowS) const;
    /// The folder of the workspace's own authority for the cluster.
    [[nodiscard]] std::string folder(const std::string& cluster) const;
    /// PermissionDenied when others can read a key of the workspace's own authority.
    [[nodiscard]] Status keysClosed(const std::string& cluster) const;
    /// The files that settings.yaml names for the cluster; null = it names none. Errors: those of loadSettings().
    [[nodiscard]] Result<std::optional<ClusterTlsFiles>> named(const std::string& cluster) const;

private:
    WorkspacePaths paths_;
};

}  // namespace tributary::app
