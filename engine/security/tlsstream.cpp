// TLS by libssl over memory.
#include "engine/security/tlsstream.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cassert>
#include <climits>
#include <utility>

#include "core/base/escape.h"
#include "engine/security/opensslhandles.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kReadBytes = 64U << 10U;
constexpr std::size_t kPieceBytes = 1U << 30U;        // the library counts in int
constexpr std::uint64_t kKeyBytesMax = 64ULL << 30U;  // then a new key: far below what AES-GCM is good for
constexpr std::size_t kBindingBytes = 32;
constexpr char kBindingLabel[] = "EXPORTER-Channel-Binding";

using ContextHandle = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, OpensslFree<SSL_free>>;

Bytes derOf(const X509* x509) {
    unsigned char* der = nullptr;
    const int size = x509 == nullptr ? 0 : i2d_X509(x509, &der);
    if (size <= 0) return {};
    Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

Bytes sha256(BytesView text) {
    Bytes out(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(out.data()));
    return out;
}

/// The number whose alert tells the peer the same.
int numberOf(CertificateProblem problem) {
    switch (problem) {
        case CertificateProblem::None: return X509_V_OK;
        case CertificateProblem::Expired: return X509_V_ERR_CERT_HAS_EXPIRED;
        case CertificateProblem::NotYetValid: return X509_V_ERR_CERT_NOT_YET_VALID;
        case CertificateProblem::Revoked: return X509_V_ERR_CERT_REVOKED;
        case CertificateProblem::Malformed: return X509_V_ERR_CERT_REJECTED;
        case CertificateProblem::Foreign:
        case CertificateProblem::NoTrust: return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    }
    return X509_V_ERR_UNSPECIFIED;
}

/// What the other end says of this end's certificate; empty when it says something else.
std::string_view refusalOf(int reason) {
    switch (reason) {
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED: return "it has expired";
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED: return "it was revoked";
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA: return "its authority is not known there";
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE: return "it does not hold there yet, or is damaged";
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: return "it is of no use there";
        default: return {};
    }
}

}  // namespace

struct TlsStream::State {
    TlsSource source;
    std::string cluster;  // whose door was dialled; empty at a door
    TlsIdentity identity;
    ContextHandle context;
    SslHandle ssl;
    BIO* in = nullptr;  // of the ssl
    BIO* out = nullptr;
    std::function<int(BytesView)> ask;  // judge(), for the library's callback
    CertificateVerdict verdict;
    std::string peer;  // the cluster whose certificate held
    TlsSession session;
    Bytes plain;
    std::uint64_t underKey = 0;
    bool isDialler = false;
    bool open = false;
    bool broken = false;

    void judge(BytesView der);
    void opened();
    [[nodiscard]] Error error(int outcome) const;
};

/// Of which cluster the peer's certificate must be: the dialled one, or at a door one that it names itself and whose
/// authority is known here.
void TlsStream::State::judge(BytesView der) {
    const auto certificate = certificateOfDer(der);
    if (!certificate) {
        verdict = {CertificateProblem::Malformed, certificate.error(), {}};
        return;
    }
    std::vector<std::string> clusters = certificate.value().clusters;
    if (!cluster.empty()) clusters = {cluster};
    verdict = {CertificateProblem::Foreign,
               Error{ErrorCode::PermissionDenied, "the certificate names no cluster", {}, "tributary cert list"},
               certificate.value()};
    for (const std::string& each : clusters) {
        const auto trust =
            source.trustOf ? source.trustOf(each) : Result<CertificateTrust>(Error{ErrorCode::NotFound, {}, {}, {}});
        if (!trust) {
            const std::string known = fmt::format("the authority of cluster {} is not known here", shownLine(each));
            verdict = {CertificateProblem::NoTrust,
                       Error{ErrorCode::PermissionDenied,
                             trust.error().what.empty() ? known : known + ": " + trust.error().text(),
                             {},
                             trust.error().fix},
                       certificate.value()};
            continue;
        }
        verdict = judgeCertificate(der, each, trust.value(), source.nowS());
        if (verdict.good()) {
            peer = each;
            return;
        }
    }
}

void TlsStream::State::opened() {
    open = true;
    session.protocol = "TLS 1.3";
    session.cipher = SSL_get_cipher_name(ssl.get());
    session.peerCluster = peer;
    Bytes exported(kBindingBytes, '\0');
    needs(SSL_export_keying_material(ssl.get(), reinterpret_cast<unsigned char*>(exported.data()), exported.size(),
                                     kBindingLabel, sizeof(kBindingLabel) - 1, nullptr, 0, 0) == 1);
    const Bytes own = sha256(derOf(SSL_get_certificate(ssl.get())));
    const Bytes theirs = sha256(derOf(SSL_get0_peer_certificate(ssl.get())));
    session.binding = exported + (isDialler ? theirs + own : own + theirs);  // the door's first, at both ends
}

/// What the library's queue says, as a sentence for people.
Error TlsStream::State::error(int outcome) const {
    const int kind = SSL_get_error(ssl.get(), outcome);
    const unsigned long first = ERR_peek_error();
    const int reason = ERR_GET_LIB(first) == ERR_LIB_SSL ? ERR_GET_REASON(first) : 0;
    const char* text = first == 0 ? nullptr : ERR_reason_error_string(first);
    ERR_clear_error();
    if (!verdict.status) {
        Error refused = verdict.status.error();
        if (!refused.where.empty()) refused.what = refused.text();
        refused.where.clear();
        return refused;
    }
    if (const std::string_view said = refusalOf(reason); !said.empty()) {
        return {ErrorCode::PermissionDenied,
                fmt::format("the other end refuses the certificate of cluster {}: {}", identity.cluster, said),
                {},
                fmt::format("tributary cert list {0}; tributary cert rotate {0}", identity.cluster)};
    }
    if (reason == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED || reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
        return {ErrorCode::PermissionDenied, "no certificate was presented", {}, "tributary cert init"};
    }
    const bool plainTalk = reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
                           reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
                           reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_BAD_PROTOCOL_VERSION_NUMBER;
    if (plainTalk) {
        return {ErrorCode::Unsupported,
                "the other end does not speak TLS 1.3",
                {},
                cluster.empty() ? ""
                                : fmt::format("tributary cert init {0}, then tributary down --cluster {0} and "
                                              "tributary up --cluster {0}",
                                              cluster)};
    }
    return {ErrorCode::Corrupt,
            fmt::format("TLS: {}", text != nullptr ? text : fmt::format("the stream is damaged (error {})", kind)),
            {},
            {}};
}

namespace {

/// Asks the state of a stream about the peer's certificate.
int verifyByState(X509_STORE_CTX* context, void* judge) {
    const auto& ask = *static_cast<std::function<int(BytesView)>*>(judge);
    const int number = ask(derOf(X509_STORE_CTX_get0_cert(context)));
    X509_STORE_CTX_set_error(context, number);
    return number == X509_V_OK ? 1 : 0;
}

Status present(SSL_CTX* context, const CertifiedKey& own) {
    const BioHandle certificate = bioOver(own.certificatePem);
    const BioHandle key = bioOver(own.keyPem);
    const CertificateHandle x509(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
    char none[] = "";
    const KeyHandle pkey(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, none));
    const bool used = x509 != nullptr && pkey != nullptr && SSL_CTX_use_certificate(context, x509.get()) == 1 &&
                      SSL_CTX_use_PrivateKey(context, pkey.get()) == 1;
    ERR_clear_error();
    if (used) return okStatus();
    return Error{ErrorCode::Corrupt, "the own certificate or its key cannot be used", {}, "tributary cert list"};
}

}  // namespace

TlsStream::TlsStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsStream::~TlsStream() = default;
TlsStream::TlsStream(TlsStream&&) noexcept = default;
TlsStream& TlsStream::operator=(TlsStream&&) noexcept = default;

Result<TlsStream> TlsStream::begun(const TlsSource& source, const std::string& cluster, bool dialling) {
    prepareOpenssl();
    if (!source.identity) {
        return Error{ErrorCode::NotFound, "this end has no certificate", {}, "tributary cert init"};
    }
    auto identity = source.identity();
    if (!identity) return identity.error();
    auto state = std::make_unique<State>();
    state->source = source;
    state->cluster = cluster;
    state->identity = std::move(identity).value();
    state->isDialler = dialling;
    state->context = needed(ContextHandle(SSL_CTX_new(TLS_method())));
    SSL_CTX* context = state->context.get();
    needs(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
          SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
          SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") == 1 &&
          SSL_CTX_set_num_tickets(context, 0) == 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    if (Status presented = present(context, state->identity.own); !presented) return presented.error();
    state->ask = [raw = state.get()](BytesView der) {
        raw->judge(der);
        return numberOf(raw->verdict.problem);
    };
    SSL_CTX_set_cert_verify_callback(context, verifyByState, &state->ask);
    state->ssl = needed(SslHandle(SSL_new(context)));
    state->in = needed(BioHandle(BIO_new(BIO_s_mem()))).release();
    state->out = needed(BioHandle(BIO_new(BIO_s_mem()))).release();
    SSL_set_bio(state->ssl.get(), state->in, state->out);
    if (dialling) {
        SSL_set_connect_state(state->ssl.get());
        (void)SSL_do_handshake(state->ssl.get());  // writes the first bytes, and waits
        ERR_clear_error();
    } else {
        SSL_set_accept_state(state->ssl.get());
    }
    return TlsStream(std::move(state));
}

Result<TlsStream> TlsStream::dialling(const TlsSource& source, const std::string& cluster) {
    if (cluster.empty()) return Error{ErrorCode::Internal, "TLS was dialled without a cluster's name", {}, {}};
    return begun(source, cluster, true);
}

Result<TlsStream> TlsStream::accepting(const TlsSource& source) {
    return begun(source, {}, false);
}

Status TlsStream::feed(BytesView encrypted) {
    State& state = *state_;
    if (state.broken) return Error{ErrorCode::Corrupt, "TLS: the stream has ended", {}, {}};
    while (!encrypted.empty()) {
        const BytesView piece = encrypted.substr(0, kPieceBytes);
        needs(BIO_write(state.in, piece.data(), static_cast<int>(piece.size())) == static_cast<int>(piece.size()));
        encrypted.remove_prefix(piece.size());
    }
    ERR_clear_error();
    if (!state.open) {
        const int done = SSL_do_handshake(state.ssl.get());
        if (done == 1) {
            state.opened();
        } else if (SSL_get_error(state.ssl.get(), done) != SSL_ERROR_WANT_READ) {
            state.broken = true;
            return state.error(done);
        } else {
            ERR_clear_error();
            return okStatus();
        }
    }
    while (true) {
        const std::size_t before = state.plain.size();
        state.plain.resize(before + kReadBytes);
        const int got = SSL_read(state.ssl.get(), state.plain.data() + before, static_cast<int>(kReadBytes));
        state.plain.resize(before + static_cast<std::size_t>(std::max(got, 0)));
        if (got > 0) continue;
        const int kind = SSL_get_error(state.ssl.get(), got);
        if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_ZERO_RETURN) break;  // the end is the connection's to tell
        state.broken = true;
        return state.error(got);
    }
    ERR_clear_error();
    return okStatus();
}

bool TlsStream::isOpen() const {
    return state_->open && !state_->broken;
}

const TlsSession& TlsStream::session() const {
    return state_->session;
}

void TlsStream::send(BytesView plain) {
    State& state = *state_;
    assert(state.open);
    if (state.broken) return;
    state.underKey += plain.size();
    if (state.underKey > kKeyBytesMax) {
        state.underKey = 0;
        (void)SSL_key_update(state.ssl.get(), SSL_KEY_UPDATE_NOT_REQUESTED);  // refused while one is under way
    }
    while (!plain.empty()) {
        const BytesView piece = plain.substr(0, kPieceBytes);
        const int sent = SSL_write(state.ssl.get(), piece.data(), static_cast<int>(piece.size()));
        if (sent <= 0) {
            state.broken = true;  // into memory, only after its own end
            ERR_clear_error();
            return;
        }
        plain.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void TlsStream::end() {
    if (isOpen()) (void)SSL_shutdown(state_->ssl.get());
    ERR_clear_error();
}

Bytes TlsStream::takePlain() {
    return std::exchange(state_->plain, {});
}

Bytes TlsStream::takeOutput() {
    return takenFrom(state_->out);
}

CertificateProblem TlsStream::problem() const {
    return state_->verdict.problem;
}

}  // namespace tributary::engine
