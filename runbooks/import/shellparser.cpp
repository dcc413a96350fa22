// Recursive descent over the lexer's tokens, one function per rule of the grammar.
#include "runbooks/import/shellparser.h"

#include <algorithm>
#include <array>

namespace tributary::runbooks::shell {
namespace {

constexpr int kDeepestNesting = 60;

class Parser {
public:
    Parser(Source& source, std::size_t at, int depth)
        : source_(source), depth_(depth), lexer_(source, at, readerOf(source, depth)), token_(lexer_.next()) {}

    /// One command line: null at the end of the text, or with problem() set.
    NodePtr line() {
        skipNewlines();
        if (token_.kind == Token::Kind::End) return nullptr;
        startLine_ = source_.lineOf(token_.start);
        NodePtr list = parseList(false);
        if (problem_.empty() && token_.kind != Token::Kind::Newline && token_.kind != Token::Kind::End) unexpected();
        return problem_.empty() ? list : nullptr;
    }
    /// The commands of "$(" up to its ")"; `at` is moved behind it.
    NodePtr upToParenthesis(std::size_t& at) {
        NodePtr list = parseList(true);
        if (problem_.empty() && !isOperator(")")) unexpected();
        at = token_.end;
        return problem_.empty() ? list : nullptr;
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] SyntaxError error() const { return {source_.lineOf(token_.start), startLine_, problem_}; }
    /// The line on which the last token of a command lies; behind its newline the bodies of here-documents were read.
    [[nodiscard]] std::size_t lastLine() const {
        const std::size_t end = token_.kind == Token::Kind::Newline ? lexer_.at() : token_.start;
        return source_.lineOf(end == 0 ? 0 : end - 1);
    }

private:
    static SubstitutionReader readerOf(Source& source, int depth) {
        SubstitutionReader reader;
        reader.upToParenthesis = [&source, depth](std::size_t& at, std::string& problem) -> NodePtr {
            if (depth >= kDeepestNesting) {
                problem = "it is nested too deeply";
                return nullptr;
            }
            Parser inner(source, at, depth + 8);
            NodePtr list = inner.upToParenthesis(at);
            problem = inner.problem();
            return list;
        };
        reader.backticks = [depth](const std::string& text, std::size_t line) -> NodePtr {
            if (depth >= kDeepestNesting) return nullptr;
            Source inside(text, false, line);
            Parser inner(inside, 0, depth + 8);
            NodePtr list = inner.parseList(true);
            return inner.problem().empty() && inner.token_.kind == Token::Kind::End ? list : nullptr;
        };
        return reader;
    }

    void advance() {
        previousEnd_ = token_.end;
        token_ = lexer_.next();
        if (token_.kind == Token::Kind::Bad) fail(token_.text);
    }
    void fail(std::string what) {
        if (problem_.empty()) problem_ = std::move(what);
    }
    void unexpected() {
        if (token_.kind == Token::Kind::Bad) return fail(token_.text);
        if (token_.kind == Token::Kind::End) return fail("the text ends within it");
        const std::string what = token_.kind == Token::Kind::Newline ? "the line's end" : tokenText();
        fail("`" + what + "` cannot stand there");
    }
    [[nodiscard]] std::string tokenText() const {
        return token_.kind == Token::Kind::Operator ? token_.text : token_.word.source;
    }
    [[nodiscard]] bool isOperator(std::string_view text) const {
        return token_.kind == Token::Kind::Operator && token_.text == text;
    }
    [[nodiscard]] bool isWord(std::string_view text) const {
        return token_.kind == Token::Kind::Word && bareText(token_.word) == text;
    }
    void skipNewlines() {
        while (token_.kind == Token::Kind::Newline && problem_.empty()) advance();
    }
    void expectWord(std::string_view text) {
        if (!isWord(text)) return unexpected();
        advance();
    }

    std::shared_ptr<Node> begin(Node::Kind kind) {
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->line = source_.lineOf(token_.start);
        starts_.push_back(token_.start);
        return node;
    }
    NodePtr finish(std::shared_ptr<Node> node) {
        const std::size_t from = starts_.back();
        starts_.pop_back();
        const std::size_t to = std::max(previousEnd_, from + 1);
        node->lastLine = source_.lineOf(to - 1);
        if (node->source.empty()) node->source = source_.piece(from, to);
        return node;
    }

    [[nodiscard]] bool endsList() const {
        if (token_.kind == Token::Kind::End || token_.kind == Token::Kind::Bad) return true;
        if (token_.kind == Token::Kind::Operator) {
            return token_.text == ")" || token_.text == ";;" || token_.text == ";&" || token_.text == ";;&";
        }
        static constexpr std::array<std::string_view, 8> kEnds{"then", "else", "elif", "fi", "do", "done", "esac", "}"};
        return token_.kind == Token::Kind::Word &&
               std::any_of(kEnds.begin(), kEnds.end(), [this](std::string_view end) { return isWord(end); });
    }

    /// `lines`: newlines separate too (the inside of compound commands); else the list ends with the line.
    NodePtr parseList(bool lines) {
        auto list = begin(Node::Kind::List);
        if (lines) skipNewlines();
        while (problem_.empty() && !endsList() && token_.kind != Token::Kind::Newline) {
            list->children.push_back(parseAndOr());
            if (!problem_.empty()) break;
            list->operators.emplace_back(";");
            if (isOperator(";") || isOperator("&")) {
                list->operators.back() = token_.text;
                advance();
            } else if (token_.kind != Token::Kind::Newline) {
                break;
            }
            if (lines) skipNewlines();
        }
        if (list->children.empty() && problem_.empty() && !lines) unexpected();
        return finish(std::move(list));
    }

    NodePtr parseAndOr() {
        auto chain = begin(Node::Kind::AndOr);
        chain->children.push_back(parsePipeline());
        while (problem_.empty() && (isOperator("&&") || isOperator("||"))) {
            chain->operators.push_back(token_.text);
            advance();
            skipNewlines();
            chain->children.push_back(parsePipeline());
        }
        NodePtr only = chain->children.size() == 1 ? chain->children.front() : nullptr;
        NodePtr whole = finish(std::move(chain));
        return only ? only : whole;
    }

    NodePtr parsePipeline() {
        auto pipeline = begin(Node::Kind::Pipeline);
        if (isWord("time")) {
            advance();
            if (isWord("-p")) advance();
        }
        while (isWord("!")) {
            pipeline->negated = !pipeline->negated;
            advance();
        }
        pipeline->children.push_back(parseCommand());
        while (problem_.empty() && (isOperator("|") || isOperator("|&"))) {
            advance();
            skipNewlines();
            pipeline->children.push_back(parseCommand());
        }
        const bool plain = pipeline->children.size() == 1 && !pipeline->negated;
        NodePtr only = plain ? pipeline->children.front() : nullptr;
        NodePtr whole = finish(std::move(pipeline));
        return only ? only : whole;
    }

    NodePtr parseCommand() {
        if (++depth_ > kDeepestNesting) fail("it is nested too deeply");
        NodePtr node;
        if (problem_.empty()) node = parseCommandHere();
        --depth_;
        return node;
    }

    NodePtr parseCommandHere() {
        if (isOperator("(")) {
            const std::string_view rest = source_.text().substr(token_.start);
            return withRedirects(rest.starts_with("((") ? parseArithmetic() : parseParentheses());
        }
        if (token_.kind == Token::Kind::Word) {
            if (isWord("{")) return withRedirects(parseGroup());
            if (isWord("if")) return withRedirects(parseIf());
            if (isWord("for") || isWord("select")) return withRedirects(parseFor());
            if (isWord("while") || isWord("until")) return withRedirects(parseLoop());
            if (isWord("case")) return withRedirects(parseCase());
            if (isWord("[[")) return withRedirects(parseTest());
            if (isWord("function")) return parseFunctionWord();
        }
        if (endsList() || token_.kind == Token::Kind::Newline) {
            unexpected();
            return nullptr;
        }
        return parseSimple();
    }

    NodePtr withRedirects(std::shared_ptr<Node> node) {
        while (problem_.empty() && takeRedirect(*node)) {
        }
        return finish(std::move(node));
    }

    bool takeRedirect(Node& node) {
        if (token_.kind != Token::Kind::Operator) return false;
        const char first = token_.text.front();
        if (first != '<' && first != '>' && !token_.text.starts_with("&>")) return false;
        if (token_.text == "<<" || token_.text == "<<-") {
            node.redirects.push_back(lexer_.hereDocument(token_));
            if (!lexer_.problem().empty()) fail(lexer_.problem());
            previousEnd_ = lexer_.at();
            token_ = lexer_.next();
            if (token_.kind == Token::Kind::Bad) fail(token_.text);
            return true;
        }
        Redirect redirect;
        redirect.op = token_.text;
        redirect.fd = token_.fd;
        advance();
        if (token_.kind != Token::Kind::Word) {
            unexpected();
            return true;
        }
        redirect.target = token_.word;
        node.redirects.push_back(std::move(redirect));
        advance();
        return true;
    }

    std::shared_ptr<Node> parseParentheses() {
        auto node = begin(Node::Kind::Subshell);
        advance();
        node->children.push_back(parseList(true));
        if (!isOperator(")")) unexpected();
        advance();
        return node;
    }

    // (( ... )): kept as text. `((` may also begin two subshells.
    std::shared_ptr<Node> parseArithmetic() {
        const std::string_view text = source_.text();
        int open = 0;
        std::size_t end = token_.start;
        for (; end < text.size(); ++end) {
            if (text[end] == '(') ++open;
            if (text[end] == ')' && --open == 0) break;
        }
        if (end >= text.size() || text[end - 1] != ')') return parseParentheses();
        auto node = begin(Node::Kind::Arithmetic);
        node->source = text.substr(token_.start, end + 1 - token_.start);
        lexer_.moveTo(end + 1);
        token_.end = end + 1;
        advance();
        return node;
    }

    // [[ ... ]]: kept as text; quotes may hide its end.
    std::shared_ptr<Node> parseTest() {
        const std::string_view text = source_.text();
        auto node = begin(Node::Kind::Test);
        char quote = 0;
        std::size_t end = token_.start + 2;
        for (; end < text.size(); ++end) {
            const char c = text[end];
            if (quote == 0 && text.substr(end, 2) == "]]" &&
                std::string_view(" \t\n").find(text[end - 1]) != std::string_view::npos)
                break;
            if (c == '\\' && quote != '\'') {
                ++end;
            } else if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '\'' || c == '"') {
                quote = c;
            }
        }
        if (end >= text.size()) {
            fail("[[ is never closed");
            return node;
        }
        node->source = text.substr(token_.start, end + 2 - token_.start);
        lexer_.moveTo(end + 2);
        token_.end = end + 2;
        advance();
        return node;
    }

    std::shared_ptr<Node> parseGroup() {
        auto node = begin(Node::Kind::Group);
        advance();
        node->children.push_back(parseList(true));
        expectWord("}");
        return node;
    }

    NodePtr parseBody() {
        NodePtr list = parseList(true);
        if (problem_.empty() && list->children.empty()) unexpected();
        return list;
    }

    std::shared_ptr<Node> parseIf() {
        auto node = begin(Node::Kind::If);
        do {
            advance();
            node->children.push_back(parseBody());
            expectWord("then");
            node->children.push_back(parseBody());
        } while (problem_.empty() && isWord("elif"));
        if (problem_.empty() && isWord("else")) {
            advance();
            node->children.push_back(parseBody());
            node->hasWords = true;
        }
        expectWord("fi");
        return node;
    }

    std::shared_ptr<Node> parseFor() {
        auto node = begin(isWord("select") ? Node::Kind::Loop : Node::Kind::For);
        advance();
        if (isOperator("(")) {  // for (( ; ; ))
            node->kind = Node::Kind::Loop;
            auto head = parseArithmetic();
            if (head->kind != Node::Kind::Arithmetic) fail("`for (` cannot be read");
            node->children.push_back(finish(std::move(head)));
        } else {
            node->name = token_.kind == Token::Kind::Word ? bareText(token_.word).value_or("") : "";
            if (node->name.empty()) unexpected();
            advance();
            skipNewlines();
            if (isWord("in")) {
                node->hasWords = true;
                for (advance(); problem_.empty() && token_.kind == Token::Kind::Word; advance()) {
                    node->words.push_back(token_.word);
                }
            }
        }
        if (isOperator(";")) advance();
        skipNewlines();
        node->children.push_back(parseDo());
        return node;
    }

    NodePtr parseDo() {
        if (isWord("{")) {  // for NAME; { ... }
            auto group = parseGroup();
            return finish(std::move(group));
        }
        expectWord("do");
        NodePtr body = parseBody();
        expectWord("done");
        return body;
    }

    std::shared_ptr<Node> parseLoop() {
        auto node = begin(Node::Kind::Loop);
        advance();
        node->children.push_back(parseBody());
        node->children.push_back(parseDo());
        return node;
    }

    std::shared_ptr<Node> parseCase() {
        auto node = begin(Node::Kind::Case);
        advance();
        if (token_.kind != Token::Kind::Word) unexpected();
        node->words.push_back(token_.word);
        advance();
        skipNewlines();
        expectWord("in");
        skipNewlines();
        while (problem_.empty() && !isWord("esac")) {
            if (isOperator("(")) advance();
            while (problem_.empty() && !isOperator(")")) {
                if (token_.kind != Token::Kind::Word && !isOperator("|")) unexpected();
                advance();
            }
            if (!problem_.empty()) break;
            advance();
            node->children.push_back(parseList(true));
            if (isOperator(";;") || isOperator(";&") || isOperator(";;&")) {
                advance();
            } else if (!isWord("esac")) {
                unexpected();
            }
            skipNewlines();
        }
        expectWord("esac");
        return node;
    }

    NodePtr parseFunctionWord() {
        auto node = begin(Node::Kind::Function);
        advance();
        node->name = token_.kind == Token::Kind::Word ? bareText(token_.word).value_or("") : "";
        if (node->name.empty()) unexpected();
        advance();
        if (isOperator("(")) {
            advance();
            if (!isOperator(")")) unexpected();
            advance();
        }
        return parseFunctionBody(std::move(node));
    }

    NodePtr parseFunctionBody(std::shared_ptr<Node> node) {
        skipNewlines();
        node->children.push_back(parseCommand());
        if (problem_.empty() && node->children[0]->kind == Node::Kind::Simple) fail("a function has no body");
        return finish(std::move(node));
    }

    NodePtr parseSimple() {
        auto node = begin(Node::Kind::Simple);
        while (problem_.empty()) {
            if (takeRedirect(*node)) continue;
            if (token_.kind != Token::Kind::Word) break;
            Assignment assignment;
            if (node->words.empty() && assignmentOf(token_.word, assignment)) {
                node->assignments.push_back(std::move(assignment));
            } else {
                node->words.push_back(token_.word);
            }
            advance();
            const bool definition = node->words.size() == 1 && node->assignments.empty() && node->redirects.empty() &&
                                    isOperator("(") && bareText(node->words[0]);
            if (!definition) continue;
            advance();
            if (!isOperator(")")) unexpected();
            advance();
            node->kind = Node::Kind::Function;
            node->name = *bareText(node->words[0]);
            node->words.clear();
            return parseFunctionBody(std::move(node));
        }
        if (node->words.empty() && node->assignments.empty() && node->redirects.empty()) unexpected();
        return finish(std::move(node));
    }

    Source& source_;
    int depth_;
    Lexer lexer_;
    Token token_;
    std::vector<std::size_t> starts_;
    std::size_t previousEnd_ = 0;
    std::size_t startLine_ = 0;
    std::string problem_;
};

}  // namespace

Script parseScript(std::string_view text, bool placeholders) {
    Source source(text, placeholders);
    Parser parser(source, 0, 0);
    Script script;
    while (NodePtr command = parser.line()) script.commands.push_back(std::move(command));
    if (!parser.problem().empty()) script.error = parser.error();
    script.hereDocs = std::move(source.hereDocs);
    script.comments = std::move(source.comments);
    return script;
}

CommandExtent commandAt(Source& source, std::size_t offset) {
    Parser parser(source, offset, 0);
    const NodePtr command = parser.line();
    CommandExtent extent;
    extent.lastLine = parser.lastLine();
    if (!parser.problem().empty()) {
        extent.error = parser.error();
        extent.lastLine = extent.error->line;
    }
    return extent;
}

}  // namespace tributary::runbooks::shell
