// Numbers and times of certificates as text and seconds.
#include "engine/security/opensslhandles.h"

#include <fmt/format.h>

#include <ctime>

namespace tributary::engine {

std::string serialText(const ASN1_INTEGER* serial) {
    const NumberHandle number(ASN1_INTEGER_to_BN(serial, nullptr));
    if (number == nullptr || BN_is_negative(number.get()) == 1) return {};
    Bytes raw(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(raw.data()));
    std::string out;
    out.reserve(raw.size() * 2);
    for (const char byte : raw) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

std::int64_t secondsOfTime(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return ::timegm(&parts);
}

}  // namespace tributary::engine
