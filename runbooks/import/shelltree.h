// A shell script as a tree: words, simple commands and what holds them together.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace tributary::runbooks::shell {

struct Node;
/// Shared: a function's body outlives the place of its definition.
using NodePtr = std::shared_ptr<const Node>;

/// A piece of a word.
struct WordPart {
    enum class Kind {
        Literal,    ///< `text` as it stands
        Parameter,  ///< $NAME, ${NAME...}
        Command,    ///< $(...), `...`, <(...), >(...): `command` is what runs
        Opaque      ///< something that is not read; `text` names it
    };
    Kind kind = Kind::Literal;
    bool quoted = false;             ///< inside quotes, or escaped: neither split nor expanded to file names
    std::string text;                ///< Literal and Opaque
    std::string name;                ///< Parameter: a name, a number or one of @ * # ? $ ! -
    std::string index;               ///< Parameter: between [ ], as written; empty: none
    std::string op;                  ///< Parameter: ":-", "%", "#" (after the name), "length", "indirect"; empty: plain
    std::vector<WordPart> argument;  ///< Parameter: what follows `op`
    NodePtr command;                 ///< Command; null when it cannot be read
};

struct Word {
    std::vector<WordPart> parts;
    std::string source;    ///< as written
    std::size_t line = 0;  ///< of its first character, from 1
};

struct Redirect {
    std::string op;    ///< "<", ">", ">>", "<<", "<<<", ">&", "&>" ...
    std::string fd;    ///< the number before it, or empty
    Word target;       ///< a file, a descriptor, or the end word of a here-document
    int hereDoc = -1;  ///< "<<" and "<<-": its place in Script::hereDocs
};

struct Assignment {
    std::string name;
    std::string index;  ///< NAME[index]=
    bool append = false;
    bool isArray = false;
    Word value;
    std::vector<Word> elements;  ///< of an array
};

struct Node {
    enum class Kind {
        Simple,      ///< assignments, words, redirects
        Pipeline,    ///< children joined by |
        AndOr,       ///< children joined by `operators`: && and ||
        List,        ///< children, each ended by the operator of the same place: ; or &
        Subshell,    ///< ( children[0] )
        Group,       ///< { children[0] }
        If,          ///< children: condition, body, condition, body, ... [else body]
        For,         ///< for name in words: children[0]
        Loop,        ///< while or until: condition, body
        Case,        ///< case words[0]: children are the bodies
        Function,    ///< name, children[0]
        Arithmetic,  ///< (( source ))
        Test         ///< [[ source ]]
    };
    Kind kind = Kind::Simple;
    std::size_t line = 0;      ///< of its first character, from 1
    std::size_t lastLine = 0;  ///< of its last character
    std::string source;        ///< as written, without here-documents
    std::vector<Assignment> assignments;
    std::vector<Word> words;
    std::vector<Redirect> redirects;
    std::vector<NodePtr> children;
    std::vector<std::string> operators;
    std::string name;
    bool negated = false;   ///< Pipeline: begins with !
    bool hasWords = false;  ///< For: `in` was given; If: ends in an else
};

/// The body of a here-document.
struct HereDoc {
    std::size_t firstLine = 0;  ///< of the body, from 1
    std::size_t lastLine = 0;   ///< before firstLine when it is empty
    std::string body;
};

/// Where the grammar ended.
struct SyntaxError {
    std::size_t line = 0;       ///< where it was noticed
    std::size_t startLine = 0;  ///< where the command that is not whole begins
    std::string what;
};

}  // namespace tributary::runbooks::shell
