// The walk's inside: one class, its flow, its simple commands and its listing in a file each.
#pragma once

#include "runbooks/import/shellwalk.h"

namespace tributary::runbooks::shell {

/// What running a node may do to what follows it.
struct Effects {
    std::set<std::string> names;      ///< variables it may assign
    std::set<std::string> functions;  ///< functions it may define
    bool everything = false;          ///< eval or a sourced file: any variable
    bool positional = false;          ///< set -- or shift
    bool mayExit = false;
    bool mayReturn = false;
    bool mayBreak = false;
    std::set<const Node*> bodies;  ///< of functions that were looked into
};

/// How a node ended, as far as it can be told.
struct Ending {
    enum class State { Success, Failure, Unknown };
    /// Ended: what follows in the scope never runs. Unsure: it may.
    enum class Flow { Go, Ended, Unsure };
    enum class Scope { Iteration, Loop, Function, Script };
    State state = State::Unknown;
    Flow flow = Flow::Go;
    Scope scope = Scope::Script;
    std::string why;       ///< of a flow that is not Go: for the list of what was not read
    bool carried = false;  ///< Success is assumed, as the runbook stops when the command fails
};

class Walker {
public:
    Walker(const Script& script, WalkOptions options);
    Walk run();

private:
    // Flow: shellwalk.cpp
    Ending node(const Node& node);
    Ending dispatch(const Node& node);
    Ending list(const Node& node);
    void guardSetE(const Node& child);
    Ending andOr(const Node& node);
    void skipped(const Node& child, const Ending& before, bool isAnd, std::size_t firstItem, bool assumed);
    bool guarded(const Node& before, const Node& child, bool isAnd, Ending& state);
    Ending pipeline(const Node& node);
    [[nodiscard]] std::string interpreterIn(const Node& pipeline);
    Ending subshell(const Node& node);
    Ending ifNode(const Node& node);
    Ending forLoop(const Node& node);
    Ending uncertain(const Node& node, const std::string& reason);
    Ending call(const Node& body, const std::string& name, const Node& node);

    // Simple commands: shellwalksimple.cpp
    Ending simple(const Node& node);
    Ending named(const Node& node, const std::string& name);
    Ending carry(const Node& node);
    Ending other(const Node& node, const std::string& name, const std::vector<std::string>& words);
    Ending builtin(const Node& node, const std::string& name, bool& known);
    Ending leave(const Node& node, const std::string& name);
    Ending setOptions(const Node& node);
    Ending declare(const Node& node, const std::string& name);
    void shift(const Node& node);
    void assign(const Assignment& assignment, std::size_t line);
    void noteRedirects(const Node& node);

    // Listing and effects: shelllisting.cpp
    void listRegion(const Node& node, const std::string& reason);
    void listSimple(const Node& node, const std::string& reason);
    void listSubstitutions(const Node& node);
    void listHereDocs();
    void listUncalled();
    [[nodiscard]] bool mentionsDialect(const Node& node);
    /// The same for the words of a simple command alone, also of one that only prints them.
    [[nodiscard]] bool textMentions(const Node& node) const;
    [[nodiscard]] bool isProgram(const std::string& word) const;
    [[nodiscard]] bool mentions(const std::string& text) const;
    [[nodiscard]] std::string nameOf(const Node& node);
    void unread(const Node& node, const std::string& reason);
    void cover(const Node& node);
    void collect(const Node& node, Effects& effects, int depth);
    void collectSimple(const Node& node, Effects& effects, int depth);
    Effects effectsOf(const Node& node);
    void apply(const Effects& effects, const std::string& reason);
    [[nodiscard]] bool onlyPrints(const Node& node);
    [[nodiscard]] bool endsScript(const Node& node, bool afterFailure);
    [[nodiscard]] bool endsScriptHere(const Node& node, bool afterFailure);

    const Script& script_;
    WalkOptions options_;
    Walk out_;
    Values values_;
    std::map<std::string, NodePtr> functions_;  ///< null: which body it has is not certain
    std::set<std::string> aliases_;
    std::set<const Node*> seenBodies_;
    std::vector<std::map<std::string, Value>> locals_;  ///< of the calls under way: the values to put back
    std::vector<const Node*> calls_;                    ///< the bodies of the calls under way
    std::set<std::pair<std::size_t, std::string>> listed_;
    bool errexit_ = false;
    int loops_ = 0;
    int depth_ = 0;
    int budget_ = 20'000;
    int listDepth_ = 0;
    int askDepth_ = 0;
    std::set<const Node*> askedBodies_;                           ///< of one question to mentionsDialect()
    std::set<std::pair<const Node*, std::string>> listedBodies_;  ///< with the reason
};

/// The words of `fields` as texts.
[[nodiscard]] std::vector<std::string> textsOf(const std::vector<Field>& fields);
/// A node as a remark quotes it.
[[nodiscard]] std::string quoted(const Node& node);

}  // namespace tributary::runbooks::shell
