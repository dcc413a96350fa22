// What libcrypto and libssl give by pointer, owned; and what they say when they refuse. Private to this folder.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <new>
#include <string>

#include "core/base/bytes.h"

namespace tributary::engine {

template <auto free>
struct OpensslFree {
    template <typename T>
    void operator()(T* held) const {
        free(held);
    }
};

using BioHandle = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, OpensslFree<X509_free>>;
using RevocationsHandle = std::unique_ptr<X509_CRL, OpensslFree<X509_CRL_free>>;
using StoreHandle = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;
using StoreContextHandle = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;
using NumberHandle = std::unique_ptr<BIGNUM, OpensslFree<BN_free>>;
using NamesHandle = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;

/// Of what is called with this only a lack of memory can be the reason.
inline void needs(bool outcome) {
    if (!outcome) throw std::bad_alloc();
}
template <typename Handle>
Handle needed(Handle held) {
    needs(held != nullptr);
    return held;
}

/// Without the machine's openssl.cnf: nobody is to reconfigure what keeps strangers out.
inline void prepareOpenssl() {
    needs(OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1);
}

inline BioHandle bioOver(BytesView bytes) {
    return needed(BioHandle(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))));
}
inline BioHandle bioForBytes() {
    return needed(BioHandle(BIO_new(BIO_s_mem())));
}
/// What was written to it; it is empty afterwards.
inline Bytes takenFrom(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    Bytes out(data, size > 0 ? static_cast<std::size_t>(size) : 0);
    (void)BIO_reset(bio);
    return out;
}

/// Hexadecimal digits in lower case; empty for what is no serial number.
[[nodiscard]] std::string serialText(const ASN1_INTEGER* serial);
/// Seconds since 1970; 0 for what is no time.
[[nodiscard]] std::int64_t secondsOfTime(const ASN1_TIME* time);

}  // namespace tributary::engine
