// Keys, certificates and lists by libcrypto.
#include "engine/security/issuing.h"

#include <cstddef>

#include "engine/security/certificate.h"
#include "engine/security/opensslhandles.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kSerialBytes = 16;
constexpr std::size_t kSubjectBytesMax = 64;

using TimeHandle = std::unique_ptr<ASN1_TIME, OpensslFree<ASN1_TIME_free>>;
using SerialHandle = std::unique_ptr<ASN1_INTEGER, OpensslFree<ASN1_INTEGER_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>>;

Error damagedAuthority() {
    ERR_clear_error();
    return {ErrorCode::Corrupt, "the authority's certificate or key is damaged", {}, {}};
}

TimeHandle timeOf(std::int64_t seconds) {
    return needed(TimeHandle(ASN1_TIME_set(nullptr, seconds)));
}

Bytes keyPemOf(EVP_PKEY* key) {
    const BioHandle bio = bioForBytes();
    needs(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return takenFrom(bio.get());
}

Bytes certificatePemOf(X509* x509) {
    const BioHandle bio = bioForBytes();
    needs(PEM_write_bio_X509(bio.get(), x509) == 1);
    return takenFrom(bio.get());
}

KeyHandle freshKey() {
    prepareOpenssl();
    char curve[] = "P-256";
    return needed(KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)));
}

/// 127 random bits, never zero at the front: the same number twice is out of the question, and no sign is in the way.
SerialHandle freshSerial(Random& random) {
    Bytes raw(kSerialBytes, '\0');
    random.fill(raw.data(), raw.size());
    raw.front() = static_cast<char>((static_cast<unsigned char>(raw.front()) & 0x7fU) | 0x40U);
    const NumberHandle number = needed(NumberHandle(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(raw.data()), static_cast<int>(raw.size()), nullptr)));
    return needed(SerialHandle(BN_to_ASN1_INTEGER(number.get(), nullptr)));
}

void extend(X509* x509, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
    const ExtensionHandle extension =
        needed(ExtensionHandle(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())));
    needs(X509_add_ext(x509, extension.get(), -1) == 1);
}

/// Everything of a certificate but its issuer and signature.
CertificateHandle begun(const CertificateWish& wish, EVP_PKEY* key, Random& random) {
    CertificateHandle x509 = needed(CertificateHandle(X509_new()));
    needs(X509_set_version(x509.get(), X509_VERSION_3) == 1);
    needs(X509_set_serialNumber(x509.get(), freshSerial(random).get()) == 1);
    needs(X509_set1_notBefore(x509.get(), timeOf(wish.beginsS).get()) == 1);
    needs(X509_set1_notAfter(x509.get(), timeOf(wish.endsS).get()) == 1);
    needs(X509_set_pubkey(x509.get(), key) == 1);
    std::size_t cut = std::min(wish.subject.size(), kSubjectBytesMax);
    while (cut < wish.subject.size() && cut > 0 && (static_cast<unsigned char>(wish.subject[cut]) & 0xc0U) == 0x80U) {
        --cut;  // between characters
    }
    const std::string subject = wish.subject.substr(0, cut);
    needs(X509_NAME_add_entry_by_NID(X509_get_subject_name(x509.get()), NID_commonName, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(subject.data()),
                                     static_cast<int>(subject.size()), -1, 0) == 1);
    return x509;
}

std::string namesOf(const CertificateWish& wish) {
    return "URI:" + clusterUri(wish.cluster) + ",URI:urn:uuid:" + wish.uuid;
}

struct ParsedAuthority {
    CertificateHandle certificate;
    KeyHandle key;
    [[nodiscard]] bool whole() const {
        return certificate != nullptr && key != nullptr && X509_check_private_key(certificate.get(), key.get()) == 1;
    }
};

ParsedAuthority parsed(const CertifiedKey& authority) {
    prepareOpenssl();
    const BioHandle certificate = bioOver(authority.certificatePem);
    const BioHandle key = bioOver(authority.keyPem);
    char none[] = "";
    return {CertificateHandle(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr)),
            KeyHandle(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, none))};
}

}  // namespace

CertifiedKey makeAuthority(const CertificateWish& wish, Random& random) {
    const KeyHandle key = freshKey();
    const CertificateHandle x509 = begun(wish, key.get(), random);
    needs(X509_set_issuer_name(x509.get(), X509_get_subject_name(x509.get())) == 1);
    extend(x509.get(), x509.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(x509.get(), x509.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(x509.get(), x509.get(), NID_subject_key_identifier, "hash");
    extend(x509.get(), x509.get(), NID_authority_key_identifier, "keyid:always");
    extend(x509.get(), x509.get(), NID_subject_alt_name, namesOf(wish));
    needs(X509_sign(x509.get(), key.get(), EVP_sha256()) > 0);
    return {certificatePemOf(x509.get()), keyPemOf(key.get())};
}

Result<CertifiedKey> issueCertificate(const CertificateWish& wish, const CertifiedKey& authority, Random& random) {
    const ParsedAuthority by = parsed(authority);
    if (!by.whole()) return damagedAuthority();
    const KeyHandle key = freshKey();
    const CertificateHandle x509 = begun(wish, key.get(), random);
    needs(X509_set_issuer_name(x509.get(), X509_get_subject_name(by.certificate.get())) == 1);
    extend(x509.get(), by.certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(x509.get(), by.certificate.get(), NID_key_usage, "critical,digitalSignature");
    extend(x509.get(), by.certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    extend(x509.get(), by.certificate.get(), NID_subject_key_identifier, "hash");
    extend(x509.get(), by.certificate.get(), NID_authority_key_identifier, "keyid:always");
    extend(x509.get(), by.certificate.get(), NID_subject_alt_name, namesOf(wish));
    needs(X509_sign(x509.get(), by.key.get(), EVP_sha256()) > 0);
    return CertifiedKey{certificatePemOf(x509.get()), keyPemOf(key.get())};
}

Result<Bytes> signRevoked(const RevokedList& list, const CertifiedKey& authority, std::int64_t nowS) {
    const ParsedAuthority by = parsed(authority);
    if (!by.whole()) return damagedAuthority();
    const RevocationsHandle crl = needed(RevocationsHandle(X509_CRL_new()));
    needs(X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1);
    needs(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(by.certificate.get())) == 1);
    // From the authority's beginning on: a machine whose clock is behind takes the list all the same.
    needs(X509_CRL_set1_lastUpdate(crl.get(), X509_get0_notBefore(by.certificate.get())) == 1);
    needs(X509_CRL_set1_nextUpdate(crl.get(), X509_get0_notAfter(by.certificate.get())) == 1);
    for (const RevokedCertificate& each : list.revoked) {
        BIGNUM* raw = nullptr;
        const bool isNumber = BN_hex2bn(&raw, each.serial.c_str()) == static_cast<int>(each.serial.size());
        const NumberHandle number(raw);
        if (!isNumber || each.serial.empty()) {
            return Error{ErrorCode::InvalidInput, "a serial number has hexadecimal digits", each.serial, {}};
        }
        const SerialHandle serial = needed(SerialHandle(BN_to_ASN1_INTEGER(number.get(), nullptr)));
        X509_REVOKED* entry = X509_REVOKED_new();
        needs(entry != nullptr);
        const bool filled = X509_REVOKED_set_serialNumber(entry, serial.get()) == 1 &&
                            X509_REVOKED_set_revocationDate(entry, timeOf(each.atS > 0 ? each.atS : nowS).get()) == 1 &&
                            X509_CRL_add0_revoked(crl.get(), entry) == 1;
        needs(filled);
    }
    const SerialHandle number = needed(SerialHandle(ASN1_INTEGER_new()));
    needs(ASN1_INTEGER_set_uint64(number.get(), list.number) == 1);
    needs(X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, number.get(), 0, 0) == 1);
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, by.certificate.get(), nullptr, nullptr, crl.get(), 0);
    const ExtensionHandle signer =
        needed(ExtensionHandle(X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always")));
    needs(X509_CRL_add_ext(crl.get(), signer.get(), -1) == 1);
    needs(X509_CRL_sort(crl.get()) == 1 && X509_CRL_sign(crl.get(), by.key.get(), EVP_sha256()) > 0);
    const BioHandle bio = bioForBytes();
    needs(PEM_write_bio_X509_CRL(bio.get(), crl.get()) == 1);
    return takenFrom(bio.get());
}

Result<RevokedList> revokedOfPem(BytesView pem, const std::string& file) {
    prepareOpenssl();
    const BioHandle bio = bioOver(pem.substr(0, kPemBytesMax));
    const RevocationsHandle crl(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (crl == nullptr) {
        return Error{ErrorCode::Corrupt, "there is no list of revoked certificates in it, or it is damaged", file,
                     "put the file back from a backup"};
    }
    RevokedList out;
    if (const SerialHandle number(
            static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl.get(), NID_crl_number, nullptr, nullptr)));
        number != nullptr) {
        (void)ASN1_INTEGER_get_uint64(&out.number, number.get());
    }
    const auto* entries = X509_CRL_get_REVOKED(crl.get());
    const int count = sk_X509_REVOKED_num(entries);
    out.revoked.reserve(static_cast<std::size_t>(std::max(count, 0)));
    for (int i = 0; i < count; ++i) {
        const X509_REVOKED* entry = sk_X509_REVOKED_value(entries, i);
        const ASN1_INTEGER* serial = X509_REVOKED_get0_serialNumber(entry);
        out.revoked.push_back({serialText(serial), 0});
        out.revoked.back().atS = secondsOfTime(X509_REVOKED_get0_revocationDate(entry));
    }
    return out;
}

}  // namespace tributary::engine
