// tt scratch: answers as a real 2.6.0 gave them, data that outlive a killed script, and attempts to get out.
#include "testmain.h"
#include "tests/app/terminal/spawn.h"

using namespace Qt::StringLiterals;
using namespace tributary::test;

namespace {

constexpr const char* kSetUp =
    "s = box.schema.space.create('p')\n"
    "s:format({{name='id',type='unsigned'},{name='n',type='string'},{name='o',type='integer',is_nullable=true}})\n"
    "_ = s:create_index('pk',{parts={'id'}})\n";

Spawned scratch(const QByteArray& typed, const QStringList& more = {}) {
    return spawn(QStringList{u"tt"_s, u"scratch"_s} + more, {{}, typed, {}, {}});
}

/// What the last statement answered, without the marks around it.
QString lastAnswer(const Spawned& done) {
    const qsizetype begin = done.out.lastIndexOf(u"---\n"_s);
    const qsizetype end = done.out.lastIndexOf(u"..."_s);
    return begin < 0 || end < begin ? done.out + done.err : done.out.mid(begin + 4, end - begin - 4);
}

}  // namespace

class TestScratch : public QObject {
    Q_OBJECT
private slots:
    void answersAsTarantoolDoes_data() {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char* typed, const char* answer) {
            QTest::newRow(typed) << QByteArray(typed) << QString::fromUtf8(answer);
        };
        row("s:insert{1,'a'}", "- [1, 'a']\n");
        row("s:insert{'x','a'}",
            "- error: 'Tuple field 1 type does not match one required by operation: expected unsigned'\n");
        row("s:insert{2}", "- error: Tuple field 2 required by space format is missing\n");
        row("s:get(77)", "");
        row("s:get('x')", "- error: 'Supplied key type of part 0 does not match index part type: expected unsigned'\n");
        row("s:get()", "- error: Invalid key part count in an exact match (expected 1, got 0)\n");
        row("s:select({1},{iterator='XX'})", "- error: Unknown iterator type 'XX'\n");
        row("s:select()", "- []\n");
        row("_ = s:insert{1,'a'} _ = s:insert{2,'b',7} return s:select()", "- - [1, 'a']\n  - [2, 'b', 7]\n");
        row("_ = s:insert{1,'a'} return s:insert{1,'a'}",
            "- error: Duplicate key exists in unique index 'pk' in space 'p'\n");
        row("_ = s:insert{1,'a'} return s:update(1,{{'=',3,5},{'+',3,2}})", "- [1, 'a', 7]\n");
        row("_ = s:insert{1,'a'} return s:update(1,{{'=',1,9}})",
            "- error: Attempt to modify a tuple field which is part of index 'pk' in space 'p'\n");
        row("s:upsert({1,'u'},{{'=',2,'up'}}) return s:count(), s:len()", "- 1\n- 1\n");
        row("_ = s:insert{1,'a'} return s.index.pk:min(), s.index.pk:max(), s:delete(1)",
            "- [1, 'a']\n- [1, 'a']\n- [1, 'a']\n");
        row("s:create_index('sk',{parts={{2,'string'}}, unique=false})",
            "- unique: false\n  parts:\n  - type: string\n    is_nullable: false\n    fieldno: 2\n  id: 1\n"
            "  space_id: 512\n  type: TREE\n  name: sk\n");
        row("s:create_index('pk')", "- error: Index 'pk' already exists\n");
        row("box.schema.space.create('p')", "- error: Space 'p' already exists\n");
        row("box.space.nosuch", "- null\n");
        row("box.begin() s:insert{70,'t'} box.rollback() return s:get(70)", "");
        row("box.begin() s:insert{70,'t'} box.commit() return s:get(70)", "- [70, 't']\n");
        row("box.begin()", "- error: Transaction is active at return from function\n");
        row("s:format()",
            "- [{'name': 'id', 'type': 'unsigned'}, {'name': 'n', 'type': 'string'}, {'type': 'integer',\n"
            "    'name': 'o', 'is_nullable': true}]\n");
        row("_ = s:insert{1,'a'} return s:get(1).n, s:get(1)[1], #s:get(1), s:get(1):totable()",
            "- a\n- 1\n- 2\n- - 1\n  - a\n");
        row("tostring(box.tuple.new{1,'x'})", "- '[1, ''x'']'\n");
        row("pcall(s.insert, s, {'x'})", "- false\n- Tuple field 2 required by space format is missing\n");
        row("_ = s:insert{1,'a'} local ok, e = pcall(s.insert, s, {1,'x'}) return e.code, e.type, e.message",
            "- 3\n- ClientError\n- Duplicate key exists in unique index 'pk' in space 'p'\n");
        row("s:drop() return s:insert{1,'x'}", "- error: Space '512' does not exist\n");
        row("box.info.vclock, box.info.lsn, box.info.status, box.info.ro", "- {1: 4}\n- 4\n- running\n- false\n");
        row("{1,2,{a=1}}", "- - 1\n  - 2\n  - a: 1\n");
        row("t = {1}; return {t, t}", "- - &0\n    - 1\n  - *0\n");
        row("1ULL, -5LL, nil, box.NULL, 1/0", "- 1\n- -5\n- null\n- null\n- inf\n");
        row("x y", "- error: '[string \"x y\"]:1: ''='' expected near ''y'''\n");
        row("require('json').encode({1, 'a', {b = box.NULL}})", "- '[1,\"a\",{\"b\":null}]'\n");
        row("require('json').decode('{\"a\": [1, 2.5, null]}').a", "- - 1\n  - 2.5\n  - null\n");
        row("require('yaml').encode({1, 'yes'}) == \"---\\n- 1\\n- 'yes'\\n...\\n\"", "- true\n");
    }
    void answersAsTarantoolDoes() {
        QFETCH(const QByteArray, typed);
        QFETCH(const QString, answer);
        const Spawned done = scratch(kSetUp + typed + "\n");
        QCOMPARE(done.err, QString());
        QCOMPARE(lastAnswer(done), answer);
        QCOMPARE(done.code, 0);
    }

    void lettingNothingOut_data() {
        QTest::addColumn<QByteArray>("attempt");
        QTest::addColumn<QString>("answer");  // a piece of it
        const auto row = [](const char* name, const char* attempt, const char* answer) {
            QTest::newRow(name) << QByteArray(attempt) << QString::fromUtf8(answer);
        };
        row("files", "return io.open('/etc/passwd')", "attempt to index global 'io'");
        row("programs", "return os.execute('id')", "attempt to index global 'os'");
        row("environment", "return os.getenv('PATH')", "attempt to index global 'os'");
        row("foreign functions", "return require('ffi')", "module 'ffi' not found");
        row("foreign functions by a number", "local n = 1ULL return require('ffi')", "module 'ffi' not found");
        row("metatable of a number", "return getmetatable(1ULL)", "- ffi");
        row("loaded modules", "return package.loaded.ffi", "attempt to index global 'package'");
        row("native modules", "return package.loadlib('libc.so.6', 'system')", "attempt to index global 'package'");
        row("debugger", "return debug.getregistry()", "attempt to index global 'debug'");
        row("compiler", "return jit.on()", "attempt to index global 'jit'");
        row("compiled code", "return load('\\27LJ\\2\\0')", "attempt to load chunk with wrong mode");
        row("compiled code in pieces", "return load(function() return '\\27LJ' end)", "only a text can be loaded here");
        row("compiling a function", "return string.dump(function() end)", "attempt to call field 'dump'");
        row("files of code", "return loadfile('/etc/passwd')", "attempt to call global 'loadfile'");
        row("running a file", "return dofile('/etc/passwd')", "attempt to call global 'dofile'");
        row("environment of functions", "return getfenv(print)", "attempt to call global 'getfenv'");
        row("environment of the prelude", "return setfenv(box.begin, {})", "attempt to call global 'setfenv'");
        row("metatable of tuples", "getmetatable(box.tuple.new{1}).__gc = nil", "attempt to index");
        row("sockets", "return require('socket')", "module 'socket' not found");
        row("fibers", "return require('fiber').create(print)", "module 'fiber' not found");
        row("settings", "return box.cfg{listen = 3301}", "attempt to call field 'cfg'");
        row("for ever", "while true do end", "the statement took too long and was ended");
        row("for ever, caught", "while true do pcall(function() while true do end end) end",
            "the statement took too long and was ended");
        row("for ever inside a C function", "return (('a'):rep(40)):find(('a?'):rep(40) .. ('a'):rep(40) .. 'b')",
            "was killed");
        row("memory", "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", "not enough memory");
        row("a large text", "return #('x'):rep(1e9)", "not enough memory");
        row("recursion", "local function f() return 1 + f() end return f()", "stack overflow");
        row("a table in itself", "local t = {} t.t = t return t", "&0");
        row("a deep table", "local t = {} for i = 1, 1000 do t = {t} end return t", "an exception occurred");
        row("a serializer that never ends", "return setmetatable({}, {__serialize = function() while true do end end})",
            "was ended");
        row("too much is printed", "while true do print(('x'):rep(10000)) end", "too much is printed");
        row("functions in tuples", "return box.tuple.new{print}", "unsupported Lua type 'function'");
    }
    void lettingNothingOut() {
        QFETCH(const QByteArray, attempt);
        QFETCH(const QString, answer);
        const Spawned done = scratch(attempt + "\n'still here'\n", {u"--deadline"_s, u"1"_s});
        // The console doubles the quotes inside a quoted answer.
        const QString said = QString(done.out.simplified()).replace(u"''"_s, u"'"_s);
        QVERIFY2(said.contains(answer), qPrintable(done.out.left(2'000) + done.err));
        QVERIFY2(!done.out.contains(u"root:"), "a file was read");
        QCOMPARE(lastAnswer(done), u"- still here\n"_s);
        QCOMPARE(done.code, 0);
    }

    void keepsDataWhenAScriptIsKilled() {
        const Spawned done = scratch(QByteArray(kSetUp) +
                                         "_ = s:insert{1,'a'}\n"
                                         "return (('a'):rep(40)):find(('a?'):rep(40) .. ('a'):rep(40) .. 'b')\n"
                                         "s, box.space.p:select()\n",
                                     {u"--deadline"_s, u"1"_s});
        QVERIFY2(done.out.simplified().contains(u"its variables are gone, the spaces are as they were"),
                 qPrintable(done.out));
        QCOMPARE(lastAnswer(done), u"- null\n- - [1, 'a']\n"_s);
    }

    void boundsWhatItHolds() {
        const Spawned done = scratch(QByteArray(kSetUp) +
                                         "for i = 1, 1000000 do s:insert{i, ('x'):rep(1000)} end\n"
                                         "box.space.p:count() > 100\n",
                                     {u"--memory"_s, u"1"_s});
        QVERIFY2(done.out.simplified().contains(u"bytes in slab allocator for memtx_tuple"), qPrintable(done.out));
        QCOMPARE(lastAnswer(done), u"- true\n"_s);
    }

    void printsBeforeItsAnswer() {
        QCOMPARE(scratch("print('a', 1, nil) return 2\n").out, u"a\t1\tnil\n---\n- 2\n...\n\n"_s);
    }
};
TRIBUTARY_TEST(TestScratch)
#include "tst_scratch.moc"
