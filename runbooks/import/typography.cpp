// One table of characters.
#include "runbooks/import/typography.h"

#include <fmt/format.h>

#include <array>

namespace tributary::runbooks {
namespace {

struct Character {
    std::string_view bytes;
    std::string_view ascii;
    std::string_view name;
    bool isDash = false;
};

constexpr std::array<Character, 33> kCharacters{{
    {"\xC2\xA0", " ", "a no-break space"},         {"\xE1\x9A\x80", " ", "an ogham space"},
    {"\xE2\x80\x80", " ", "an en quad"},           {"\xE2\x80\x81", " ", "an em quad"},
    {"\xE2\x80\x82", " ", "an en space"},          {"\xE2\x80\x83", " ", "an em space"},
    {"\xE2\x80\x84", " ", "a space of a third"},   {"\xE2\x80\x85", " ", "a space of a quarter"},
    {"\xE2\x80\x86", " ", "a space of a sixth"},   {"\xE2\x80\x87", " ", "a figure space"},
    {"\xE2\x80\x88", " ", "a punctuation space"},  {"\xE2\x80\x89", " ", "a thin space"},
    {"\xE2\x80\x8A", " ", "a hair space"},         {"\xE2\x80\xAF", " ", "a narrow no-break space"},
    {"\xE2\x81\x9F", " ", "a mathematical space"}, {"\xE3\x80\x80", " ", "an ideographic space"},
    {"\xE2\x80\x8B", "", "a zero-width space"},    {"\xE2\x80\x8C", "", "a zero-width mark"},
    {"\xE2\x80\x8D", "", "a zero-width mark"},     {"\xE2\x81\xA0", "", "a word joiner"},
    {"\xEF\xBB\xBF", "", "a byte order mark"},     {"\xC2\xAD", "", "a soft hyphen"},
    {"\xE2\x80\x90", "-", "a hyphen", true},       {"\xE2\x80\x91", "-", "a no-break hyphen", true},
    {"\xE2\x80\x92", "-", "a figure dash", true},  {"\xE2\x80\x93", "-", "an en dash", true},
    {"\xE2\x80\x94", "-", "an em dash", true},     {"\xE2\x88\x92", "-", "a minus sign", true},
    {"\xE2\x80\x9C", "\"", "a curly quote"},       {"\xE2\x80\x9D", "\"", "a curly quote"},
    {"\xE2\x80\x98", "'", "a curly quote"},        {"\xE2\x80\x99", "'", "a curly quote"},
    {"\xE2\x80\xA8", " ", "a line separator"},
}};

}  // namespace

std::string plainTypography(std::string_view line, std::string& what) {
    std::string out;
    what.clear();
    int named = 0;
    for (std::size_t at = 0; at < line.size();) {
        if (static_cast<unsigned char>(line[at]) < 0x80) {
            out += line[at++];
            continue;
        }
        const Character* found = nullptr;
        for (const Character& character : kCharacters) {
            if (line.substr(at).starts_with(character.bytes)) found = &character;
        }
        if (found != nullptr && found->isDash) {
            const std::size_t next = at + found->bytes.size();
            const bool letter = next < line.size() &&
                                ((line[next] >= 'a' && line[next] <= 'z') || (line[next] >= 'A' && line[next] <= 'Z'));
            if (!letter || (!out.empty() && out.back() != ' ')) found = nullptr;
        }
        if (found == nullptr) {
            out += line[at++];
            continue;
        }
        if (++named <= 4) {
            what += fmt::format("{}{} at column {} read as {}", what.empty() ? "" : ", ", found->name, at + 1,
                                found->ascii.empty()  ? "nothing"
                                : found->ascii == " " ? "a blank"
                                                      : "`" + std::string(found->ascii) + "`");
        }
        out += found->ascii;
        at += found->bytes.size();
    }
    if (named > 4) what += fmt::format(", and {} more", named - 4);
    return out;
}

}  // namespace tributary::runbooks
