// HMAC, GMAC and comparison by OpenSSL's libcrypto, the only file that knows it.
#include "engine/wire/macs.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cassert>
#include <climits>
#include <new>

namespace tributary::engine {
namespace {

constexpr std::size_t kGmacNonceBytes = 12;
constexpr std::size_t kPieceBytes = 1U << 30U;  // the library counts in int

const unsigned char* unsignedOf(const char* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

void must(int outcome) {
    if (outcome != 1) throw std::bad_alloc();  // of what is called here, only memory can be the reason
}

/// Without the machine's openssl.cnf: reading it takes longer than everything else here, and nobody is to reconfigure
/// what keeps strangers out.
void prepareLibrary() {
    must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr));
}

}  // namespace

Bytes hmacSha256(BytesView key, BytesView message) {
    prepareLibrary();
    assert(key.size() <= INT_MAX);
    Bytes out(kWireKeyBytes, '\0');
    unsigned size = 0;
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), unsignedOf(message.data()),
                            message.size(), reinterpret_cast<unsigned char*>(out.data()), &size);
    if (made == nullptr || size != out.size()) throw std::bad_alloc();
    return out;
}

bool equalInConstantTime(BytesView a, BytesView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct FrameMac::Cipher {
    Cipher() : context(EVP_CIPHER_CTX_new()) {
        if (context == nullptr) throw std::bad_alloc();
    }
    ~Cipher() { EVP_CIPHER_CTX_free(context); }
    Cipher(const Cipher&) = delete;
    Cipher& operator=(const Cipher&) = delete;
    EVP_CIPHER_CTX* context;
};

FrameMac::FrameMac(BytesView key) {
    assert(key.size() == kWireKeyBytes);
    prepareLibrary();
    cipher_ = std::make_unique<Cipher>();
    must(EVP_EncryptInit_ex(cipher_->context, EVP_aes_256_gcm(), nullptr, unsignedOf(key.data()), nullptr));
}

FrameMac::~FrameMac() = default;
FrameMac::FrameMac(FrameMac&&) noexcept = default;
FrameMac& FrameMac::operator=(FrameMac&&) noexcept = default;

void FrameMac::compute(BytesView frame, char* mac) {
    unsigned char nonce[kGmacNonceBytes] = {};
    std::memcpy(nonce + sizeof(nonce) - sizeof(next_), &next_, sizeof(next_));
    ++next_;
    EVP_CIPHER_CTX* context = cipher_->context;
    must(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce));
    int ignored = 0;
    while (!frame.empty()) {
        const BytesView piece = frame.substr(0, kPieceBytes);
        must(EVP_EncryptUpdate(context, nullptr, &ignored, unsignedOf(piece.data()), static_cast<int>(piece.size())));
        frame.remove_prefix(piece.size());
    }
    unsigned char nothing[kMacBytes];
    must(EVP_EncryptFinal_ex(context, nothing, &ignored));
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kMacBytes, mac));
}

void FrameMac::seal(Bytes& frame) {
    char mac[kMacBytes];
    compute(frame, mac);
    frame.append(mac, sizeof(mac));
}

bool FrameMac::check(BytesView frame, BytesView mac) {
    if (failed_) return false;
    char wanted[kMacBytes];
    compute(frame, wanted);
    failed_ = !equalInConstantTime(BytesView(wanted, sizeof(wanted)), mac);
    return !failed_;
}

}  // namespace tributary::engine
