// cert: the certificates of the workspace's clusters, and the authority that each has.
#include <fmt/format.h>

#include "app/daemon/clustercertificates.h"
#include "app/observe/clocks.h"
#include "app/terminal/texttable.h"
#include "app/terminal/verb.h"
#include "core/base/text.h"
#include "core/systems/registry.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/workspace.h"
#include "engine/admin/tableadmincalls.h"
#include "engine/machine/realfileops.h"
#include "engine/machine/realrandom.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;
using engine::Certificate;
using engine::CertificateAuthority;
using engine::IssuedCertificate;
using engine::maprdb::shellWord;

struct CertWords {
    std::string action;
    std::string cluster;
    std::string serial;
    std::string name;
    std::string folder;
    std::int64_t days = CertificateAuthority::kCertificateDays;
};

/// What a command works on: the workspace, and the clusters that it means.
struct CertPlace {
    WorkspacePaths paths;
    std::vector<std::string> clusters;
    std::int64_t nowS = 0;
};

/// Clusters that have doors of ours: members that are processes of their own follow their system's rules.
Result<std::vector<std::string>> meant(const Topology& topology, const WorkspacePaths& paths,
                                       const std::string& asked) {
    std::vector<std::string> able;
    for (const Cluster& cluster : topology.clusters) {
        if (isBuiltSystem(cluster.system) && !hasOwnProcesses(cluster.system)) able.push_back(cluster.name);
    }
    if (asked.empty()) {
        if (!able.empty()) return able;
        return Error{ErrorCode::NotFound, "no cluster is drawn whose doors speak TLS", paths.topology(),
                     "tributary help security"};
    }
    const Cluster* drawn = topology.cluster(asked);
    if (drawn == nullptr) {
        return Error{ErrorCode::NotFound, fmt::format("the drawing has no cluster {}", asked), paths.topology(),
                     able.empty() ? "tributary status" : "use one of: " + join(able, ", ")};
    }
    if (std::find(able.begin(), able.end(), asked) == able.end()) {
        return Error{
            ErrorCode::Unsupported,
            fmt::format("the doors of cluster {} follow the rules of {}, which has no TLS here", asked, drawn->system),
            {},
            "tributary help security"};
    }
    return std::vector<std::string>{asked};
}

Result<CertPlace> placeOf(const VerbContext& context, const std::string& cluster) {
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return paths.error();
    const auto workspace = openWorkspace(paths.value());
    if (!workspace) return workspace.error();
    auto clusters = meant(workspace.value().topology, paths.value(), cluster);
    if (!clusters) return clusters.error();
    return CertPlace{paths.value(), std::move(clusters).value(), wallNowMs() / 1000};
}

Json jsonOf(const Certificate& certificate) {
    return {{"serial", certificate.serial},
            {"subject", certificate.subject},
            {"uuid", certificate.uuid},
            {"begins", engine::dayOf(certificate.beginsS)},
            {"ends", engine::dayOf(certificate.endsS)}};
}

const char* stateName(IssuedCertificate::State state) {
    switch (state) {
        case IssuedCertificate::State::InUse: return "in use";
        case IssuedCertificate::State::Valid: return "valid";
        case IssuedCertificate::State::Expired: return "expired";
        case IssuedCertificate::State::Revoked: return "revoked";
    }
    return "?";
}

/// Clusters whose certificates others made can only be listed; and keys that others can read are used no more.
Status mayChange(const ClusterCertificates& certificates, const CertPlace& place, const std::string& cluster) {
    const auto named = certificates.named(cluster);
    if (!named) return named.error();
    if (!named.value()) return certificates.keysClosed(cluster);
    return Error{
        ErrorCode::Conflict,
        fmt::format("settings.yaml names the certificates of cluster {}: its authority is not kept here", cluster),
        settingsPath(place.paths), "have that authority do it, or remove the cluster from tls:"};
}

int init(const CertPlace& place, const CertWords& words, const VerbContext& context) {
    const ClusterCertificates certificates(place.paths);
    engine::RealFileOps files;
    engine::RealRandom random;
    Json made = Json::array();
    for (const std::string& cluster : place.clusters) {
        CertificateAuthority authority(files, certificates.folder(cluster), cluster);
        const bool had = authority.exists();
        if (words.cluster.empty() && had) continue;
        if (Status own = mayChange(certificates, place, cluster); !own) {
            if (words.cluster.empty()) continue;
            return context.fail(own.error());
        }
        const auto first = authority.init(random, place.nowS);
        if (!first) return context.fail(first.error());
        Json row = jsonOf(first.value());
        row["cluster"] = cluster;
        row["folder"] = certificates.folder(cluster);
        made.push_back(std::move(row));
        if (context.json) continue;
        fmt::print("{}: certificate {} until {}\n", cluster, first.value().serial, engine::dayOf(first.value().endsS));
    }
    if (context.json) {
        printJson({{"made", made}});
        return 0;
    }
    std::fflush(stdout);
    if (context.quiet) return 0;
    if (made.empty()) {
        fmt::print(stderr, "Every cluster has certificates already.\n");
        return 0;
    }
    fmt::print(stderr,
               "From its next start on a cluster's TCP doors speak TLS 1.3 only.\n"
               "\nNext:\n  tributary down{0}\n  tributary up{0}\n",
               context.hereOptions());
    return 0;
}

/// The files for another host: they must not exist, since a key that is written over is lost.
int issue(const CertPlace& place, const CertWords& words, const VerbContext& context) {
    const std::string& cluster = place.clusters.front();
    const ClusterCertificates certificates(place.paths);
    if (Status own = mayChange(certificates, place, cluster); !own) return context.fail(own.error());
    engine::RealFileOps files;
    engine::RealRandom random;
    const std::string folder = words.folder.empty() ? "." : words.folder;
    if (words.name.empty() || words.name.find('/') != std::string::npos || words.name.front() == '.') {
        return context.fail({ErrorCode::InvalidInput, fmt::format("'{}' is no name for files", words.name), "--name",
                             "--name reporting-host"});
    }
    const std::string certificateFile = fmt::format("{}/{}.crt", folder, words.name);
    const std::string keyFile = fmt::format("{}/{}.key", folder, words.name);
    for (const std::string& path : {certificateFile, keyFile}) {
        if (files.exists(path)) {
            return context.fail({ErrorCode::AlreadyExists, "the file exists", path, "name others with --name or -o"});
        }
    }
    CertificateAuthority authority(files, certificates.folder(cluster), cluster);
    const auto issued = authority.issue(words.name, words.days, random, place.nowS);
    if (!issued) return context.fail(issued.error());
    for (const auto& [path, text] :
         {std::pair{keyFile, issued.value().keyPem}, std::pair{certificateFile, issued.value().certificatePem}}) {
        if (Status saved = saveFileAtomically(path, text, NewFile::Private); !saved) return context.fail(saved.error());
    }
    const auto certificate = engine::certificateOfPem(issued.value().certificatePem, certificateFile);
    if (!certificate) return context.fail(certificate.error());
    if (context.json) {
        Json json = jsonOf(certificate.value());
        json["cluster"] = cluster;
        json["certificate"] = certificateFile;
        json["key"] = keyFile;
        printJson(json);
        return 0;
    }
    fmt::print("{}\n{}\n", certificateFile, keyFile);
    std::fflush(stdout);
    if (!context.quiet) {
        fmt::print(stderr, "Certificate {} of cluster {} until {}. Who has the key speaks for the cluster.\n",
                   certificate.value().serial, cluster, engine::dayOf(certificate.value().endsS));
    }
    return 0;
}

int rotate(const CertPlace& place, const VerbContext& context) {
    const std::string& cluster = place.clusters.front();
    const ClusterCertificates certificates(place.paths);
    if (Status own = mayChange(certificates, place, cluster); !own) return context.fail(own.error());
    engine::RealFileOps files;
    engine::RealRandom random;
    CertificateAuthority authority(files, certificates.folder(cluster), cluster);
    const auto old = authority.identity();
    const auto fresh = authority.rotate(random, place.nowS);
    if (!fresh) return context.fail(fresh.error());
    const auto before =
        old ? engine::certificateOfPem(old.value().own.certificatePem, {}) : Result<Certificate>(old.error());
    if (context.json) {
        Json json = jsonOf(fresh.value());
        json["cluster"] = cluster;
        json["before"] = before ? Json(before.value().serial) : Json(nullptr);
        printJson(json);
        return 0;
    }
    fmt::print("{}: certificate {} until {}\n", cluster, fresh.value().serial, engine::dayOf(fresh.value().endsS));
    std::fflush(stdout);
    if (!context.quiet && before) {
        fmt::print(stderr,
                   "It is in use from the next connection on. The one before stays good; when its key may be known to "
                   "others:\n  tributary cert revoke {} {}{}\n",
                   shellWord(cluster), before.value().serial, context.hereOptions());
    }
    return 0;
}

int revoke(const CertPlace& place, const CertWords& words, const VerbContext& context) {
    const std::string& cluster = place.clusters.front();
    const ClusterCertificates certificates(place.paths);
    if (Status own = mayChange(certificates, place, cluster); !own) return context.fail(own.error());
    engine::RealFileOps files;
    CertificateAuthority authority(files, certificates.folder(cluster), cluster);
    const auto revoked = authority.revoke(words.serial, place.nowS);
    if (!revoked) return context.fail(revoked.error());
    if (context.json) {
        Json json = jsonOf(revoked.value());
        json["cluster"] = cluster;
        printJson(json);
        return 0;
    }
    fmt::print("{}: certificate {} is refused from the next connection on\n", cluster, revoked.value().serial);
    return 0;
}

void addRow(TextTable& table, Json& rows, const std::string& cluster, const std::string& what,
            const Certificate& certificate, const std::string& state, std::int64_t nowS) {
    const std::int64_t days = engine::daysUntil(certificate.endsS, nowS);
    table.add({cluster, what, certificate.serial, certificate.subject, engine::dayOf(certificate.endsS),
               fmt::format("{}", days), state});
    Json row = jsonOf(certificate);
    row["cluster"] = cluster;
    row["what"] = what;
    row["days"] = days;
    row["state"] = state;
    rows.push_back(std::move(row));
}

Status listNamed(const ClusterCertificates& certificates, const CertPlace& place, const std::string& cluster,
                 TextTable& table, Json& rows) {
    const auto trust = certificates.trust(cluster);
    if (!trust) return trust.error();
    const auto authority = engine::certificateOfPem(trust.value().authorityPem, trust.value().authorityFile);
    if (!authority) return authority.error();
    const auto own = certificates.holds(cluster, place.nowS);
    if (!own) return own.error();
    addRow(table, rows, cluster, "authority", authority.value(), "valid", place.nowS);
    addRow(table, rows, cluster, "certificate", own.value(), "in use", place.nowS);
    return okStatus();
}

int list(const CertPlace& place, const CertWords& words, const VerbContext& context) {
    const ClusterCertificates certificates(place.paths);
    engine::RealFileOps files;
    TextTable table({"CLUSTER", "WHAT", "SERIAL", "FOR", "ENDS", "DAYS", "STATE"});
    table.alignRight(5);
    Json rows = Json::array();
    for (const std::string& cluster : place.clusters) {
        if (!certificates.wanted(cluster) && words.cluster.empty()) continue;
        const auto named = certificates.named(cluster);
        if (!named) return context.fail(named.error());
        if (named.value()) {
            if (Status listed = listNamed(certificates, place, cluster, table, rows); !listed) {
                return context.fail(listed.error());
            }
            continue;
        }
        if (Status closed = certificates.keysClosed(cluster); !closed) return context.fail(closed.error());
        const auto listing = CertificateAuthority(files, certificates.folder(cluster), cluster).list(place.nowS);
        if (!listing) return context.fail(listing.error());
        const Certificate& authority = listing.value().authority;
        addRow(table, rows, cluster, "authority", authority, authority.endsS > place.nowS ? "valid" : "expired",
               place.nowS);
        for (const IssuedCertificate& each : listing.value().issued) {
            const bool ended = each.state == IssuedCertificate::State::InUse && each.certificate.endsS <= place.nowS;
            addRow(table, rows, cluster, "certificate", each.certificate, ended ? "expired" : stateName(each.state),
                   place.nowS);
        }
    }
    if (context.json) {
        printJson({{"certificates", rows}});
        return 0;
    }
    if (rows.empty()) {
        if (!context.quiet) {
            fmt::print(stderr, "No cluster has certificates.\n  try: tributary cert init{}\n", context.hereOptions());
        }
        return 0;
    }
    fmt::print("{}", table.text(context.outIsTerminal ? context.columns : 0));
    return 0;
}

int runCert(const CertWords& words, const VerbContext& context) {
    const auto place = placeOf(context, words.cluster);
    if (!place) return context.fail(place.error());
    if (words.action == "init") return init(place.value(), words, context);
    if (words.action == "issue") return issue(place.value(), words, context);
    if (words.action == "rotate") return rotate(place.value(), context);
    if (words.action == "revoke") return revoke(place.value(), words, context);
    return list(place.value(), words, context);
}

std::function<int(VerbContext&)> describeCert(CLI::App& app) {
    auto words = std::make_shared<CertWords>();
    app.require_subcommand(1);
    const auto command = [&](const char* name, const char* description) {
        CLI::App* sub = app.add_subcommand(name, description);
        sub->callback([words, name] { words->action = name; });
        return sub;
    };
    command("init", "Make an authority and a certificate; the next start speaks TLS")
        ->add_option("CLUSTER", words->cluster, "The cluster; else all that have none");
    CLI::App* issuing = command("issue", "Make a certificate and key of a cluster for another host");
    issuing->add_option("CLUSTER", words->cluster, "The cluster")->required();
    issuing->add_option("--name", words->name, "What it is for: NAME.crt and NAME.key are written")
        ->required()
        ->type_name("NAME");
    issuing->add_option("--days", words->days, "How long it holds (365)")->type_name("DAYS");
    issuing->add_option("-o,--output", words->folder, "The folder for both files; else the current one")
        ->type_name("DIR");
    command("list", "Show authorities and certificates, and when they end")
        ->add_option("CLUSTER", words->cluster, "The cluster; else all");
    command("rotate", "Give a cluster a new certificate, in use from the next connection on")
        ->add_option("CLUSTER", words->cluster, "The cluster")
        ->required();
    CLI::App* revoking = command("revoke", "Refuse a certificate from the next connection on");
    revoking->add_option("CLUSTER", words->cluster, "The cluster")->required();
    revoking->add_option("SERIAL", words->serial, "Its serial number, as `cert list` shows it")->required();
    return [words](VerbContext& context) { return runCert(*words, context); };
}

}  // namespace

std::vector<Verb> certVerbs() {
    return {{"cert", "workspace", "Make, list, rotate and revoke the certificates of clusters",
             "tributary cert init\ntributary cert list\ntributary cert rotate newyork\n"
             "tributary cert issue newyork --name reporting-host --days 90 -o keys",
             describeCert}};
}

}  // namespace tributary::app
