// Lists, chains, branches, loops and calls.
#include "runbooks/import/shellwalk.h"

#include <fmt/format.h>

#include <algorithm>

#include "runbooks/import/commandwords.h"
#include "runbooks/import/shellwalker.h"

namespace tributary::runbooks::shell {
namespace {

constexpr int kDeepestCall = 30;
constexpr std::size_t kMostItems = 1'000;

Ending succeeded() {
    Ending outcome;
    outcome.state = Ending::State::Success;
    return outcome;
}

std::string lineWord(const Node& node) {
    const std::size_t end = node.source.find_first_of(" \t\n(;");
    return fmt::format("the `{}` at line {}", node.source.substr(0, end), node.line);
}

/// The single simple command below a node that may be a list of one, or null.
const Node* onlySimple(const Node& node) {
    if (node.kind == Node::Kind::Simple) return &node;
    const bool wraps = node.kind == Node::Kind::List && node.children.size() == 1 && node.operators[0] != "&";
    return wraps ? onlySimple(*node.children[0]) : nullptr;
}

const Node* onlyPipeline(const Node& node) {
    if (node.kind == Node::Kind::Pipeline) return &node;
    const bool wraps = node.kind == Node::Kind::List && node.children.size() == 1 && node.operators[0] != "&";
    return wraps ? onlyPipeline(*node.children[0]) : nullptr;
}

}  // namespace

Walk walkScript(const Script& script, const WalkOptions& options) {
    return Walker(script, options).run();
}

Walker::Walker(const Script& script, WalkOptions options) : script_(script), options_(options) {}

Walk Walker::run() {
    Ending state;
    for (const NodePtr& command : script_.commands) {
        if (state.flow != Ending::Flow::Go) {
            listRegion(*command, state.why);
            continue;
        }
        state = node(*command);
    }
    while (!out_.items.empty() && out_.items.back().bySetE) out_.items.pop_back();  // nothing comes after
    listUncalled();
    listHereDocs();
    out_.stopsAtFailure = errexit_;
    return std::move(out_);
}

Ending Walker::node(const Node& node) {
    if (out_.items.size() >= kMostItems) budget_ = 0;
    const bool spent = --budget_ <= 0;
    if (spent || depth_ >= kDeepestCall * 4) {
        return uncertain(node,
                         spent ? "stands where the script repeats too much to be written out" : "is nested too deeply");
    }
    ++depth_;
    Ending outcome = dispatch(node);
    --depth_;
    return outcome;
}

Ending Walker::dispatch(const Node& node) {
    switch (node.kind) {
        case Node::Kind::Simple: return simple(node);
        case Node::Kind::Pipeline: return pipeline(node);
        case Node::Kind::AndOr: return andOr(node);
        case Node::Kind::List: return list(node);
        case Node::Kind::Group: return this->node(*node.children[0]);
        case Node::Kind::Subshell: return subshell(node);
        case Node::Kind::If: return ifNode(node);
        case Node::Kind::For: return forLoop(node);
        case Node::Kind::Function:
            functions_[node.name] = node.children[0];
            cover(node);
            return succeeded();
        case Node::Kind::Loop: return uncertain(node, fmt::format("runs as often as {} decides", lineWord(node)));
        case Node::Kind::Case: return uncertain(node, fmt::format("runs or not as {} decides", lineWord(node)));
        case Node::Kind::Arithmetic:
        case Node::Kind::Test: break;
    }
    apply(effectsOf(node), fmt::format("it is computed at line {}", node.line));
    return {};
}

Ending Walker::list(const Node& node) {
    Ending state;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const Node& child = *node.children[i];
        if (state.flow != Ending::Flow::Go) {
            listRegion(child, state.why);
            continue;
        }
        if (node.operators[i] == "&") {
            listRegion(child, "runs in the background (`&`), beside what follows");
            state = succeeded();
            continue;
        }
        state = this->node(child);
        if (errexit_ && state.flow == Ending::Flow::Go && state.state == Ending::State::Unknown) guardSetE(child);
        if (!errexit_ || state.state != Ending::State::Failure || child.kind == Node::Kind::AndOr) continue;
        if (state.flow != Ending::Flow::Go) continue;
        state.flow = Ending::Flow::Ended;
        state.scope = Ending::Scope::Script;
        state.why = fmt::format("never runs: line {} fails and `set -e` ends the script", child.line);
    }
    return state;
}

/// Under `set -e` a command that fails ends the script: whether it did is for a person to tell.
void Walker::guardSetE(const Node& child) {
    using Kind = Node::Kind;
    const bool gates = child.kind == Kind::Simple || child.kind == Kind::Subshell || child.kind == Kind::Test ||
                       child.kind == Kind::Arithmetic || (child.kind == Kind::Pipeline && !child.negated);
    if (!gates || options_.isSession) return;
    static const std::string kEnd = " fails. Go on only if it does not.";
    const bool joins = !out_.items.empty() && out_.items.back().bySetE;
    if (joins) {
        std::string& text = out_.items.back().text;
        if (text.size() < 1'000) text.insert(text.size() - kEnd.size(), " or " + quoted(child));
        out_.items.back().lastLine = child.lastLine;
        return;
    }
    WalkedItem guard;
    guard.kind = WalkedItem::Kind::Guard;
    guard.line = child.line;
    guard.lastLine = child.lastLine;
    guard.bySetE = true;
    guard.text = "By `set -e` the script ends here when " + quoted(child) + kEnd;
    out_.items.push_back(std::move(guard));
}

Ending Walker::andOr(const Node& node) {
    const std::size_t firstItem = out_.items.size();
    Ending state = this->node(*node.children[0]);
    bool assumed = state.carried;  // a step of the chain was taken to succeed
    for (std::size_t i = 0; i < node.operators.size(); ++i) {
        const Node& child = *node.children[i + 1];
        const bool isAnd = node.operators[i] == "&&";
        if (state.flow != Ending::Flow::Go) {
            listRegion(child, state.why);
            continue;
        }
        const auto wanted = isAnd ? Ending::State::Success : Ending::State::Failure;
        if (state.state == wanted) {
            state = this->node(child);
            assumed = assumed || state.carried;
        } else if (state.state != Ending::State::Unknown) {
            skipped(child, state, isAnd, firstItem, assumed);
        } else if (!guarded(*node.children[i], child, isAnd, state)) {
            state = uncertain(child, fmt::format("runs only when what stands before the `{}` {}", node.operators[i],
                                                 isAnd ? "succeeds" : "fails"));
        }
    }
    return state;
}

/// What a chain passes over: after a command that is a step, it is what the script does when that fails.
void Walker::skipped(const Node& child, const Ending& before, bool isAnd, std::size_t firstItem, bool assumed) {
    if (isAnd || !before.carried) {
        return listRegion(child, assumed && !isAnd
                                     ? "runs only when a command before it fails, and there the runbook stops"
                                     : "never runs: what stands before it has decided");
    }
    cover(child);
    if (endsScript(child, true)) return;  // as the runbook does
    if (!onlyPrints(child)) {
        return listRegion(child, "runs only when what stands before the `||` fails, and there the runbook stops");
    }
    if (out_.items.size() == firstItem + 1) {
        out_.items.back().mayFail = true;
    } else {
        out_.notes.push_back({child.line,
                              "the script goes on when a command before the `||` fails; the runbook stops "
                              "there"});
    }
}

/// `[ -d x ] || exit 1`: what follows runs only if a person lets it.
bool Walker::guarded(const Node& before, const Node& child, bool isAnd, Ending& state) {
    if (options_.isSession || loops_ > 0 || mentionsDialect(before) || !endsScript(child, !isAnd)) return false;
    cover(child);
    WalkedItem guard;
    guard.kind = WalkedItem::Kind::Guard;
    guard.line = before.line;
    guard.lastLine = child.lastLine;
    guard.text = fmt::format("The script ends here when {} {}. Go on only if it does not.", quoted(before),
                             isAnd ? "succeeds" : "fails");
    out_.items.push_back(std::move(guard));
    state = Ending{};
    state.state = isAnd ? Ending::State::Failure : Ending::State::Success;
    return true;
}

/// The program behind a | that runs what it reads, or empty.
std::string Walker::interpreterIn(const Node& pipeline) {
    for (const NodePtr& child : pipeline.children) {
        if (child == pipeline.children[0] || child->kind != Node::Kind::Simple) continue;
        if (runsItsInput(nameOf(*child))) return nameOf(*child);
    }
    return {};
}

Ending Walker::pipeline(const Node& node) {
    if (node.children.size() == 1) {  // it is negated
        if (mentionsDialect(*node.children[0])) {
            return uncertain(node, "has `!` before it: the script wants it to fail");
        }
        Ending inner = this->node(*node.children[0]);
        using State = Ending::State;
        if (inner.state != State::Unknown) {
            inner.state = inner.state == State::Success ? State::Failure : State::Success;
        }
        inner.carried = false;
        return inner;
    }
    if (const std::string sink = interpreterIn(node); !sink.empty()) {
        const std::string reason = fmt::format("is in a pipe to `{}`, which runs what it reads", sink);
        for (const NodePtr& child : node.children) {
            if (child->kind == Node::Kind::Simple && textMentions(*child)) unread(*child, reason);
        }
        return uncertain(node, reason);
    }
    const std::size_t firstItem = out_.items.size();
    Ending last;
    int carrying = 0;
    for (const NodePtr& child : node.children) {
        const std::size_t before = out_.items.size();
        last = subshell(*child);
        if (out_.items.size() > before) ++carrying;
    }
    if (carrying > 1) {
        out_.items.resize(firstItem);
        for (const NodePtr& child : node.children) listRegion(*child, "runs at the same time as the rest of its pipe");
        return {};
    }
    if (carrying == 1 && !last.carried) {
        out_.notes.push_back({node.line, fmt::format("its output goes on to {} in the script; here it is in the run's "
                                                     "journal",
                                                     quoted(*node.children.back()))});
    }
    if (node.negated) last.state = Ending::State::Unknown;
    return last;
}

/// Runs in a process of its own: what it assigns, defines and ends stays there.
Ending Walker::subshell(const Node& node) {
    const Values values = values_;
    const auto functions = functions_;
    const auto aliases = aliases_;
    const bool errexit = errexit_;
    const Node& inside = node.kind == Node::Kind::Subshell ? *node.children[0] : node;
    Ending state = this->node(inside);
    values_ = values;
    for (const auto& [name, body] : functions_) {
        if (!functions.contains(name) && body && !seenBodies_.contains(body.get())) {
            listRegion(*body, fmt::format("is in the function `{}`, which is never called", name));
        }
    }
    functions_ = functions;
    aliases_ = aliases;
    errexit_ = errexit;
    if (state.flow != Ending::Flow::Go) {
        state = Ending{};
    }
    return state;
}

Ending Walker::ifNode(const Node& node) {
    const Node& condition = *node.children[0];
    const bool guard =
        node.children.size() == 2 && !options_.isSession && loops_ == 0 && endsScript(*node.children[1], false);
    if (guard) {
        const Node* asked = onlyPipeline(condition);
        const bool negated = asked != nullptr && asked->negated && asked->children.size() == 1;
        if (negated && onlySimple(*asked->children[0]) != nullptr && mentionsDialect(condition)) {
            Ending state = this->node(*asked->children[0]);  // it ends the script when the command fails
            if (state.carried) {
                cover(node);
                return state;
            }
        } else if (!mentionsDialect(condition)) {
            cover(node);
            WalkedItem item;
            item.kind = WalkedItem::Kind::Guard;
            item.line = node.line;
            item.lastLine = node.lastLine;
            item.text =
                fmt::format("The script ends here when {} holds. Go on only if it does not.", quoted(condition));
            out_.items.push_back(std::move(item));
            apply(effectsOf(condition), fmt::format("it is assigned in {}", lineWord(node)));
            return succeeded();
        }
    }
    return uncertain(node, fmt::format("runs or not as {} decides", lineWord(node)));
}

Ending Walker::forLoop(const Node& node) {
    Expansion words;
    if (node.hasWords) {
        words = expandWords(node.words, values_);
    } else if (values_.positional()) {
        for (const std::string& text : *values_.positional()) words.fields.push_back({text, {}, nullptr});
    } else {
        words.unknown = "the value of `$@` is not known: it is what the script is called with";
    }
    if (!words.unknown.empty()) {
        return uncertain(node, fmt::format("runs as often as {} decides; {}", lineWord(node), words.unknown));
    }
    out_.usedInside.insert(words.used.begin(), words.used.end());
    cover(node);
    Ending state = succeeded();
    const std::size_t firstItem = out_.items.size();
    ++loops_;
    for (const Field& field : words.fields) {
        if (!field.variable.empty()) out_.usedInside.insert(field.variable);
        values_.setText(node.name, field.text);
        out_.assigned[node.name] += 2;
        state = this->node(*node.children[0]);
        if (budget_ <= 0) {
            out_.items.resize(firstItem);
            --loops_;
            return uncertain(node, "stands where the script repeats too much to be written out");
        }
        if (state.flow == Ending::Flow::Go) continue;
        if (state.scope == Ending::Scope::Iteration && state.flow == Ending::Flow::Ended) {
            state = succeeded();
            continue;
        }
        if (state.scope <= Ending::Scope::Loop && state.flow == Ending::Flow::Ended) {
            state = succeeded();
            break;
        }
        const bool last = &field == &words.fields.back();
        if (!last && state.flow == Ending::Flow::Unsure) listRegion(*node.children[0], state.why);
        if (state.flow == Ending::Flow::Unsure)
            apply(effectsOf(node), fmt::format("it is assigned in {}", lineWord(node)));
        if (state.scope <= Ending::Scope::Loop) state = Ending{};
        break;
    }
    --loops_;
    if (words.fields.empty()) listRegion(*node.children[0], "never runs: its loop has no words");
    return state;
}

/// A node that may run, never or often: everything in it is listed, and what it may do to the rest is forgotten.
Ending Walker::uncertain(const Node& node, const std::string& reason) {
    listRegion(node, reason);
    const Effects effects = effectsOf(node);
    apply(effects, fmt::format("it is assigned in {}, which may run or not", lineWord(node)));
    Ending state;
    if (options_.isSession) return state;
    if (!effects.mayExit && !effects.mayReturn && !effects.mayBreak) return state;
    state.flow = Ending::Flow::Unsure;
    state.scope = effects.mayExit     ? Ending::Scope::Script
                  : effects.mayReturn ? Ending::Scope::Function
                                      : Ending::Scope::Loop;
    state.why = fmt::format("may never run: {} may end what it stands in", lineWord(node));
    return state;
}

Ending Walker::call(const Node& body, const std::string& name, const Node& node) {
    seenBodies_.insert(&body);
    // A call within itself that surely happens happens again: nothing behind it is reached.
    if (std::find(calls_.begin(), calls_.end(), &body) != calls_.end() ||
        locals_.size() >= static_cast<std::size_t>(kDeepestCall)) {
        Ending endless = uncertain(node, fmt::format("is in calls of `{}` that never end", name));
        endless.flow = Ending::Flow::Ended;
        endless.scope = Ending::Scope::Script;
        endless.why = fmt::format("never runs: the call of `{}` at line {} never ends", name, node.line);
        return endless;
    }
    const auto positional = values_.positional();
    const Expansion words = expandWords({node.words.begin() + 1, node.words.end()}, values_);
    out_.usedInside.insert(words.used.begin(), words.used.end());
    for (const Field& field : words.fields) {
        if (!field.variable.empty()) out_.usedInside.insert(field.variable);
    }
    if (words.unknown.empty()) {
        values_.setPositional(textsOf(words.fields));
    } else {
        values_.forgetPositional();
    }
    locals_.emplace_back();
    calls_.push_back(&body);
    const int loops = std::exchange(loops_, 0);
    Ending state = this->node(body);
    loops_ = loops;
    for (const auto& [variable, value] : locals_.back()) values_.set(variable, value);
    locals_.pop_back();
    calls_.pop_back();
    positional ? values_.setPositional(*positional) : values_.forgetPositional();
    if (state.flow != Ending::Flow::Go && state.scope == Ending::Scope::Function) {
        const bool sure = state.flow == Ending::Flow::Ended;
        const auto returned = state.state;
        state = Ending{};
        if (sure) state.state = returned;
    }
    return state;
}

}  // namespace tributary::runbooks::shell
