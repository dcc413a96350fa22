// Reading certificates, and judging them by libcrypto.
#include "engine/security/certificate.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "core/base/escape.h"
#include "engine/security/opensslhandles.h"

namespace tributary::engine {
namespace {

constexpr std::string_view kClusterScheme = "tributary:cluster:";
constexpr std::string_view kUuidScheme = "urn:uuid:";
constexpr std::int64_t kDayS = 86'400;

Error damaged(const std::string& what, const std::string& file) {
    return {ErrorCode::Corrupt, what, file, "put the file back, or make new ones: tributary cert init"};
}

std::string textOf(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(std::max(ASN1_STRING_length(text), 0))};
}

void readNames(const X509* x509, Certificate& out) {
    const NamesHandle names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> hosts;
    for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_URI) {
            const std::string uri = textOf(name->d.uniformResourceIdentifier);
            if (uri.starts_with(kUuidScheme)) out.uuid = uri.substr(kUuidScheme.size());
            if (std::string cluster = clusterOfUri(uri); !cluster.empty()) out.clusters.push_back(std::move(cluster));
        } else if (name->type == GEN_DNS) {
            hosts.push_back(textOf(name->d.dNSName));
        }
    }
    // Certificates that others made know no names of ours: the host's, which is the cluster's then.
    if (out.clusters.empty()) out.clusters = std::move(hosts);
}

Result<Certificate> described(X509* x509) {
    Certificate out;
    unsigned char* der = nullptr;
    const int size = i2d_X509(x509, &der);
    if (size <= 0) return Error{ErrorCode::Corrupt, "the certificate is malformed", {}, {}};
    out.der.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    out.serial = serialText(X509_get0_serialNumber(x509));
    const X509_NAME* subject = X509_get_subject_name(x509);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at >= 0) out.subject = textOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    out.beginsS = secondsOfTime(X509_get0_notBefore(x509));
    out.endsS = secondsOfTime(X509_get0_notAfter(x509));
    out.authority = X509_check_ca(x509) == 1;
    readNames(x509, out);
    return out;
}

CertificateHandle parsedDer(BytesView der) {
    prepareOpenssl();
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const unsigned char* const begin = at;
    CertificateHandle x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    const bool whole = x509 != nullptr && static_cast<std::size_t>(at - begin) == der.size();
    ERR_clear_error();
    return whole ? std::move(x509) : nullptr;
}

CertificateVerdict refused(CertificateProblem problem, ErrorCode code, std::string what, std::string fix,
                           Certificate certificate = {}) {
    return {problem, Error{code, std::move(what), {}, std::move(fix)}, std::move(certificate)};
}

/// Which problem libcrypto's number is, once the files of the trust are known to be whole.
CertificateProblem problemOf(int number) {
    switch (number) {
        case X509_V_OK: return CertificateProblem::None;
        case X509_V_ERR_CERT_HAS_EXPIRED: return CertificateProblem::Expired;
        case X509_V_ERR_CERT_NOT_YET_VALID: return CertificateProblem::NotYetValid;
        case X509_V_ERR_CERT_REVOKED: return CertificateProblem::Revoked;
        default: return CertificateProblem::Foreign;
    }
}

CertificateVerdict verdictOf(int number, const std::string& cluster, Certificate certificate) {
    const CertificateProblem problem = problemOf(number);
    const std::string which = fmt::format("certificate {} of cluster {}", shownLine(certificate.serial), cluster);
    const std::string anew = "tributary cert rotate " + cluster;
    switch (problem) {
        case CertificateProblem::None: return {problem, okStatus(), std::move(certificate)};
        case CertificateProblem::Expired:
            return refused(problem, ErrorCode::PermissionDenied,
                           fmt::format("{} ended on {}", which, dayOf(certificate.endsS)), anew, certificate);
        case CertificateProblem::NotYetValid:
            return refused(problem, ErrorCode::PermissionDenied,
                           fmt::format("{} begins on {}", which, dayOf(certificate.beginsS)),
                           "compare the clocks of both machines", certificate);
        case CertificateProblem::Revoked:
            return refused(problem, ErrorCode::PermissionDenied, which + " was revoked", anew, certificate);
        default:
            return refused(CertificateProblem::Foreign, ErrorCode::PermissionDenied,
                           fmt::format("{} is not signed by the authority of cluster {} ({})", which, cluster,
                                       X509_verify_cert_error_string(number)),
                           "tributary cert list", certificate);
    }
}

/// A list does not lapse (README.md): its dates are the authority's.
int takeListAsItIs(int good, X509_STORE_CTX* context) {
    const int number = X509_STORE_CTX_get_error(context);
    if (number != X509_V_ERR_CRL_NOT_YET_VALID && number != X509_V_ERR_CRL_HAS_EXPIRED) return good;
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

/// The authority and its list, ready to verify.
Result<StoreHandle> storeOf(const CertificateTrust& trust, std::int64_t nowS) {
    StoreHandle store = needed(StoreHandle(X509_STORE_new()));
    const BioHandle pem = bioOver(trust.authorityPem);
    const CertificateHandle authority(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
    if (authority == nullptr) return damaged("there is no certificate of an authority in it", trust.authorityFile);
    needs(X509_STORE_add_cert(store.get(), authority.get()) == 1);
    unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT;
    if (!trust.revokedFile.empty()) {  // an empty file is a damaged one
        const BioHandle list = bioOver(trust.revokedPem);
        const RevocationsHandle revoked(PEM_read_bio_X509_CRL(list.get(), nullptr, nullptr, nullptr));
        if (revoked == nullptr) return damaged("there is no list of revoked certificates in it", trust.revokedFile);
        EVP_PKEY* key = X509_get0_pubkey(authority.get());
        if (key == nullptr || X509_CRL_verify(revoked.get(), key) != 1) {
            return damaged("the list of revoked certificates is not signed by the authority", trust.revokedFile);
        }
        needs(X509_STORE_add_crl(store.get(), revoked.get()) == 1);
        flags |= X509_V_FLAG_CRL_CHECK;
    }
    X509_VERIFY_PARAM* how = X509_STORE_get0_param(store.get());
    needs(X509_VERIFY_PARAM_set_flags(how, flags) == 1);
    X509_VERIFY_PARAM_set_time(how, nowS);
    X509_STORE_set_verify_cb(store.get(), takeListAsItIs);
    return store;
}

}  // namespace

Result<Certificate> certificateOfPem(BytesView pem, const std::string& file) {
    prepareOpenssl();
    if (pem.size() > kPemBytesMax) return damaged("the file is too large for a certificate", file);
    const BioHandle bio = bioOver(pem);
    const CertificateHandle x509(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (x509 == nullptr) return damaged("there is no certificate in it, or it is damaged", file);
    return described(x509.get());
}

Result<Certificate> certificateOfDer(BytesView der) {
    const CertificateHandle x509 = der.size() > kPemBytesMax ? nullptr : parsedDer(der);
    if (x509 == nullptr) return Error{ErrorCode::Corrupt, "the certificate is malformed", {}, {}};
    return described(x509.get());
}

Bytes pemOf(const Certificate& certificate) {
    const CertificateHandle x509 = parsedDer(certificate.der);
    if (x509 == nullptr) return {};
    const BioHandle bio = bioForBytes();
    needs(PEM_write_bio_X509(bio.get(), x509.get()) == 1);
    return takenFrom(bio.get());
}

Status checkKeyOf(const Certificate& certificate, BytesView keyPem, const std::string& file) {
    const CertificateHandle x509 = parsedDer(certificate.der);
    const BioHandle bio = bioOver(keyPem.substr(0, kPemBytesMax));
    char none[] = "";  // else a key under a password would ask at the terminal
    const KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, none));
    const bool matches = x509 != nullptr && key != nullptr && X509_check_private_key(x509.get(), key.get()) == 1;
    ERR_clear_error();
    if (key == nullptr) return damaged("there is no key in it, or it is damaged or under a password", file);
    if (matches) return okStatus();
    return Error{ErrorCode::Conflict, fmt::format("the key does not belong to certificate {}", certificate.serial),
                 file, "name the key that was made for this certificate"};
}

CertificateVerdict judgeCertificate(BytesView der, const std::string& cluster, const CertificateTrust& trust,
                                    std::int64_t nowS) {
    const CertificateHandle x509 = der.size() > kPemBytesMax ? nullptr : parsedDer(der);
    auto certificate =
        x509 == nullptr ? Result<Certificate>(Error{ErrorCode::Corrupt, {}, {}, {}}) : described(x509.get());
    if (!certificate) {
        return refused(CertificateProblem::Malformed, ErrorCode::Corrupt, "the certificate is malformed", {});
    }
    const std::vector<std::string>& named = certificate.value().clusters;
    if (std::find(named.begin(), named.end(), cluster) == named.end()) {
        const std::string whose = named.empty() ? "of no cluster" : "cluster " + shownLine(named.front()) + "'s";
        return refused(CertificateProblem::Foreign, ErrorCode::PermissionDenied,
                       fmt::format("certificate {} is {}, not cluster {}'s", shownLine(certificate.value().serial),
                                   whose, cluster),
                       "tributary cert list", certificate.value());
    }
    const auto store = storeOf(trust, nowS);
    if (!store) return {CertificateProblem::NoTrust, store.error(), std::move(certificate).value()};
    const StoreContextHandle context = needed(StoreContextHandle(X509_STORE_CTX_new()));
    needs(X509_STORE_CTX_init(context.get(), store.value().get(), x509.get(), nullptr) == 1);
    const bool good = X509_verify_cert(context.get()) == 1;
    int number = X509_STORE_CTX_get_error(context.get());
    if (!good && number == X509_V_OK) number = X509_V_ERR_UNSPECIFIED;
    ERR_clear_error();
    return verdictOf(number, cluster, std::move(certificate).value());
}

std::string dayOf(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    if (::gmtime_r(&time, &parts) == nullptr) return "?";
    return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::int64_t daysUntil(std::int64_t endsS, std::int64_t nowS) {
    const std::int64_t left = endsS - nowS;
    return left >= 0 ? left / kDayS : -((-left + kDayS - 1) / kDayS);
}

std::string clusterUri(const std::string& cluster) {
    std::string out(kClusterScheme);
    for (const char letter : cluster) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_';
        out += plain ? std::string(1, letter) : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
    return out;
}

std::string clusterOfUri(const std::string& uri) {
    if (!uri.starts_with(kClusterScheme)) return {};
    const auto digit = [](char letter) {
        if (letter >= '0' && letter <= '9') return letter - '0';
        return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = kClusterScheme.size(); i < uri.size(); ++i) {
        if (uri[i] != '%') {
            out += uri[i];
            continue;
        }
        const int high = i + 2 < uri.size() ? digit(uri[i + 1]) : -1;
        const int low = i + 2 < uri.size() ? digit(uri[i + 2]) : -1;
        if (high < 0 || low < 0) return {};
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out.find('\0') == std::string::npos ? out : std::string();
}

}  // namespace tributary::engine
