// Lines of the greeting, base64 and SHA-1 by libcrypto.
#include "engine/systems/tarantool/iproto/greeting.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/base/text.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kSaltText = 44;  ///< 32 bytes in base64, with its padding
constexpr std::size_t kHashBytes = 20;

Bytes sha1(BytesView first, BytesView second = {}) {
    Bytes input(first);
    input.append(second);
    Bytes out(kHashBytes, '\0');
    unsigned size = 0;
    EVP_Digest(input.data(), input.size(), reinterpret_cast<unsigned char*>(out.data()), &size, EVP_sha1(), nullptr);
    return out;
}

Bytes xored(Bytes left, BytesView right) {
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) left[i] = static_cast<char>(left[i] ^ right[i]);
    return left;
}

/// The first `size` bytes; empty when there are fewer.
Bytes fromBase64(BytesView text, std::size_t size) {
    Bytes out(text.size(), '\0');
    const int got = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(got < static_cast<int>(size) ? 0 : size);
    return out;
}

Bytes toBase64(BytesView bytes) {
    Bytes out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

void appendLine(Bytes& out, Bytes text) {
    text.resize(kLine - 1, ' ');
    out += text + "\n";
}

}  // namespace

Result<Greeting> Greeting::decode(BytesView bytes) {
    const Error wrong{ErrorCode::Corrupt, "what answers there is no Tarantool: it does not greet as one", {}, {}};
    constexpr std::string_view kName = "Tarantool ";
    if (bytes.size() != kSize || !bytes.starts_with(kName)) return wrong;
    const std::string_view line = trim(bytes.substr(kName.size(), kLine - kName.size()));
    const std::size_t open = line.find(" (");
    const std::size_t close = line.find(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return wrong;
    Greeting greeting;
    greeting.version = std::string(line.substr(0, open));
    const std::string_view protocol = line.substr(open + 2, close - open - 2);
    greeting.isConsole = protocol == "Lua console";
    if (greeting.isConsole) return greeting;
    if (protocol != "Binary") return wrong;
    const auto instance = Uuid::parse(trim(line.substr(close + 1)));
    if (!instance) return wrong;
    greeting.instance = *instance;
    greeting.salt = fromBase64(bytes.substr(kLine, kSaltText), kSaltBytes);
    if (greeting.salt.empty()) return Error{ErrorCode::Corrupt, "the greeting has no salt", {}, {}};
    return greeting;
}

Bytes Greeting::encode() const {
    Bytes out;
    appendLine(out, "Tarantool " + version + (isConsole ? " (Lua console)" : " (Binary) " + instance.text()));
    appendLine(out, isConsole ? Bytes("type 'help' for interactive help") : toBase64(salt));
    return out;
}

Bytes storedPasswordHash(std::string_view password) {
    return sha1(sha1(password));
}

Bytes passwordProof(std::string_view password) {
    return toBase64(storedPasswordHash(password));
}

Bytes hashOfProof(BytesView text) {
    return fromBase64(text, kHashBytes);
}

Bytes chapSha1(BytesView salt, std::string_view password) {
    const Bytes once = sha1(password);
    return xored(once, sha1(salt.substr(0, Greeting::kScrambleBytes), sha1(once)));
}

bool provesChapSha1(BytesView salt, BytesView storedHash, BytesView proof) {
    if (proof.size() != kHashBytes || storedHash.size() != kHashBytes) return false;
    const Bytes once = xored(sha1(salt.substr(0, Greeting::kScrambleBytes), storedHash), proof);
    return CRYPTO_memcmp(sha1(once).data(), storedHash.data(), kHashBytes) == 0;
}

}  // namespace tributary::engine::tarantool
