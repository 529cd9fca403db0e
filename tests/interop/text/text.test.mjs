// What scenarios are written in, read by us and by others: YAML by `yaml`, JSONPath by `json-p3` (RFC 9535) and by
// `jsonpath-plus` (which Artillery uses), values and regular expressions by Node itself. Run by ctest; TEXT_PEER is the
// program with our side.
import assert from "node:assert/strict";
import { test } from "node:test";
import { query } from "json-p3";
import { JSONPath } from "jsonpath-plus";
import YAML from "yaml";
import { ask as askPeer, random } from "./peer.mjs";

const ask = (questions) => askPeer(process.env.TEXT_PEER, questions);

const attempt = (action) => {
    try {
        return { value: action() };
    } catch (error) {
        return { error: error.message };
    }
};

// --- YAML ---------------------------------------------------------------------------------------------------------

const yamlCases = [
    "a: 1\nb: [x, 'y', \"z\"]\nc: {d: ~, e: null, f: }\n",
    "- - a\n  - b\n-\n  - c\n- {k: v}\n",
    "plain: two\n  lines\nquoted: 'two\n\n  lines'\ndouble: \"a\\\n   b\\tc\"\n",
    "a: |\n  keep\n   more\n\n  end\n\n\nb: >\n  fold\n  ed\n\n  para\n    code\n  end\nc: |-\n  x\nd: |+\n  y\n\n\ne: |2\n   z\n",
    "a: &a {x: 1, y: [1, 2]}\nb: *a\nc:\n  <<: *a\n  y: 3\nd: {<<: [{q: 1}, *a], z: 2}\n",
    "# only a comment\n",
    "a: b # comment\n# between\nc: 'd # not'\ne: f#not\n",
    "'quoted key': 1\n\"other\\tkey\": 2\n? long\n: value\n? |\n  block\n: x\n",
    "[0, 1, -1, +1, 1.5, -.5, 1e3, 1E-3, 0x1f, 0o17, .inf, -.inf, 017, 0.0, 1_000, '1', 1., +.1]\n",
    "[true, True, TRUE, false, yes, no, on, off, null, Null, NULL, ~, nil, n, 'true']\n",
    "url: http://example.test:80/a?b=c#d\ntime: 12:30:45\nip: 127.0.0.1\ncolon: a:b\ndash: -x\nq: a?b\n",
    "template: '{{ $randomNumber(1, 5) }}'\nother: a {{ b }} c\n",
    "é: ü\n漢字: かな\n😀: \"\\U0001F600\\u00e9\\x41\"\n",
    "a:\r\n  b: 1\r\n  c: |\r\n    x\r\n    y\r\n",
    "--- \na: 1\n...\n",
    "%YAML 1.2\n---\na: 1\n",
    "!!map {a: !!str 1, b: !!int '2', c: !!seq [x]}\n",
    "a: [\n  1,\n  2,\n]\nb: {\n  x: 1,\n  y: 2,\n}\n",
    "[a: 1, b, {c, d: e}]\n",
    '{"a":1,"b":[true,null,"\\ud83d\\ude00\\/"],"c":{"d":1.5e3}}\n',
    "a:\n- 1\n- 2\nb:\n  - c: 1\n    d: 2\n  - e\n",
    "a: ''\nb: \"\"\nc: ' '\n",
    "'it''s': \"say \\\"hi\\\"\"\n",
    "get: {url: /a?b=c, q: what? , list: [/x?y, a?], k?: 1, z: ?x}\n", "{url: http://h:80/p?q=1#f}\n", "[?a, b?]\n", "- ?a\n- a ? b\n",
    "a: - b\n", "a: b: c\n", "a: [1, 2\n", "a: 'x\n", "a: \"\\q\"\n", "\ta: 1\n", "a: *nope\n", "a: 1\na: 2\n", "a: {b: 1, b: 2}\n",
    "a: 1\n---\nb: 2\n", "a: @x\n", "a: `x\n", "a: %x\n", "[1, 2]]\n", "a:\n    b: 1\n  c: 2\n", "- a\nb: 1\n", "a: 1\n- b\n",
];

// Where yaml-cpp and `yaml` differ on texts that nobody writes into a scenario; everything else must agree.
const yamlDifferences = [
    "a: >+\n  y\n\n\nb: x\n", // yaml-cpp keeps one line break too few at the end of a folded text
    "a: '\n\n  '\n", // and none at the beginning of a quoted one
    "|\nno indentation\n", // which a text that is the whole document may have
];

function readYaml(text) {
    const documents = YAML.parseAllDocuments(text, { version: "1.2", schema: "core", merge: true, uniqueKeys: true, logLevel: "silent" });
    if (documents.length > 1) throw new Error("several documents");
    if (documents.length === 0) return null;
    const [document] = documents;
    if (document.errors.length > 0) throw document.errors[0];
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 1000 }) ?? null));
}

const yamlAgrees = (ours, theirs) =>
    theirs.error ? Boolean(ours.error) : !ours.error && JSON.stringify(ours.value) === JSON.stringify(theirs.value);

test("YAML by hand reads as in yaml 2", () => {
    ask(yamlCases.map((yaml) => ({ yaml }))).forEach((ours, index) => {
        const theirs = attempt(() => readYaml(yamlCases[index]));
        assert.ok(yamlAgrees(ours, theirs), JSON.stringify({ yaml: yamlCases[index], ours, theirs }));
    });
});

test("YAML on which yaml-cpp differs from yaml 2", () => {
    ask(yamlDifferences.map((yaml) => ({ yaml }))).forEach((ours, index) => {
        const theirs = attempt(() => readYaml(yamlDifferences[index]));
        assert.ok(!yamlAgrees(ours, theirs), `${JSON.stringify(yamlDifferences[index])} reads the same by now`);
    });
});

test("YAML that yaml 2 writes reads back as the same", () => {
    const next = random(20261121);
    const texts = ["", " ", "a", "true", "1.5", "0x1", "null", "~", "a: b", "- x", "# c", "é😀", "two\nlines\n", "'", '"', "\\", "{", "[x]",
        "&a", "*a", "!t", "| x", "> y", "%d", "@e", "x ", " x", "a\tb", "yes", "017", "12:30:45", "<<", "---", "...", "{{ a }}", "\u00a0", "x: {",
        "long ".repeat(40), "a #b", "?", "-", ":", "=", "\u0007"];
    const make = (depth) => {
        const kind = next(depth > 3 ? 5 : 8);
        if (kind === 0) return next(2000) - 1000;
        if (kind === 1) return (next(2000) - 1000) / 64;
        if (kind === 2) return next.of([true, false, null]);
        if (kind < 5) return next.of(texts);
        const size = next(4);
        if (kind === 5) return Array.from({ length: size }, () => make(depth + 1));
        return Object.fromEntries(Array.from({ length: size }, () => ["k" + next.of(texts), make(depth + 1)]));
    };
    const values = Array.from({ length: 1500 }, () => ({ value: make(0) }));
    const styles = [{}, { defaultStringType: "QUOTE_DOUBLE" }, { defaultStringType: "QUOTE_SINGLE" }, { collectionStyle: "flow" }, { indent: 4 }, { lineWidth: 20 },
        { indentSeq: false }];
    const written = values.map((value, index) => YAML.stringify(value, { ...styles[index % styles.length], aliasDuplicateObjects: false }));
    ask(written.map((yaml) => ({ yaml }))).forEach((ours, index) => {
        assert.deepEqual(ours, { value: JSON.parse(JSON.stringify(values[index])) }, JSON.stringify(written[index]));
    });
});

// --- JSONPath -----------------------------------------------------------------------------------------------------

const store = {
    store: {
        book: [
            { category: "reference", author: "Nigel Rees", title: "Sayings of the Century", price: 8.95, tags: ["a", "b"] },
            { category: "fiction", author: "Evelyn Waugh", title: "Sword of Honour", price: 12.99, tags: [] },
            { category: "fiction", author: "Herman Melville", title: "Moby Dick", isbn: "0-553-21311-3", price: 8.99 },
            { category: "fiction", author: "J. R. R. Tolkien", title: "The Lord of the Rings", isbn: "0-395-19395-8", price: 22.99 },
        ],
        bicycle: { color: "red", price: 399, "frame size": 58 },
    },
    list: [5, 3, [1, [2]], { a: 1, b: { a: 2 } }, "x", null, true, { a: "x", b: 2 }, { a: "y", b: 3 }],
    "with-dash": 1,
    "": 0,
};

test("paths select what json-p3 selects", () => {
    const next = random(9535);
    const selectors = ["'store'", "'book'", "'price'", "'list'", "\"a\"", "''", "0", "-1", "2", "99", "*", "1:", ":2", "::-1", "-3:-1", "1:9:2", "5:0:-2", "::0"];
    const operands = ["@.a", "@['b']", "@", "@.b.a", "$.list[0]", "@[0]", "1", "-1.5", "'x'", "\"fiction\"", "true", "null", "@.price", "@.category", "length(@.a)",
        "length(@)", "count(@.*)", "count(@..a)", "value(@..isbn)", "5.0", "1e1"];
    const tests = ["@.a", "@.isbn", "@[0]", "@..a", "@.*", "$.list", "match(@.a, 'x|y')", "search(@.title, 'the')", "match(@.category, 'f.*n')"];
    const comparisons = ["==", "!=", "<", "<=", ">", ">="];
    const filter = (depth) => {
        const kind = next(depth > 2 ? 2 : 6);
        if (kind === 0) return next.of(tests);
        if (kind < 3) return `${next.of(operands)} ${next.of(comparisons)} ${next.of(operands)}`;
        if (kind === 3) return `!(${filter(depth + 1)})`;
        return `(${filter(depth + 1)} ${next.of(["&&", "||"])} ${filter(depth + 1)})`;
    };
    const segment = () => {
        const kind = next(8);
        if (kind === 0) return "." + next.of(["store", "book", "list", "a", "b", "price", "*", "bicycle"]);
        if (kind === 1) return ".." + next.of(["a", "price", "*", "book", "[0]", "['a','b']", "[-1]"]);
        if (kind < 4) return `[?${filter(0)}]`;
        return `[${Array.from({ length: 1 + next(2) }, () => next.of(selectors)).join(",")}]`;
    };
    const paths = Array.from({ length: 3000 }, () => "$" + Array.from({ length: 1 + next(4) }, segment).join(""));
    let selected = 0;
    ask(paths.map((each) => ({ path: each, document: store }))).forEach((ours, index) => {
        const theirs = attempt(() => query(paths[index], store).values());
        if (theirs.error) return assert.ok(ours.error, `${paths[index]}: json-p3 refuses it: ${theirs.error}`);
        selected += theirs.value.length > 0 ? 1 : 0;
        assert.deepEqual(ours, { values: theirs.value }, paths[index]);
    });
    assert.ok(selected > 500, `only ${selected} of the paths select anything`);
});

test("broken paths are refused where json-p3 refuses them", () => {
    const paths = ["$.", "$..", "$[", "$[]", "$['a]", "$[a]", "$[01]", "$[-0]", "$[1,]", "$[1:2:3:4]", "$[?]", "$[?@.a==]", "$[?1]", "$[?@.a=1]", "$[?(@.a]",
        "$[?length(@)]", "$[?count(1)==1]", "$[?match(@.a)]", "$[?nope(@)]", "$['\\x']", "$[\"\\'\"]", "$['\\ud83d']", "$.a b", "$a", "$[?@.*==1]",
        "$[9007199254740992]", "$[?@.a==1.]", "$[?@.a==.5]", "$[?true]"];
    ask(paths.map((each) => ({ path: each, document: store }))).forEach((ours, index) => {
        assert.ok(attempt(() => query(paths[index], store)).error, `${paths[index]} is fine for json-p3`);
        assert.match(ours.error ?? "", /^character \d+: found .+, expected .+/, paths[index]);
    });
});

// jsonpath-plus where it follows the RFC, and what it has beyond the RFC and our users rely on.
test("paths select what jsonpath-plus selects", () => {
    const paths = ["$.store.book[*].author", "$..author", "store.book[0].title", "$.store.*", "$.store..price", "$..book[2]", "$..book[0,1].title", "$..book[:2].price",
        "$..book[-1:].title", "$..book[(@.length-1)].title", "$.list[(@.length-2)].b", "$..book[?(@.isbn)].title", "$..book[?(@.price<10)].title",
        "$..book[?(@.price>8 && @.category==='fiction')].title", "$..book[?(@.category=='reference' || @.price>20)].title",
        "$.store.bicycle['frame size']", "$.with-dash", "$.list.0", "$.list[1]", "$.list.length", "$.store.book.length", "$.store.bicycle.color.length",
        "$..book[?(@.tags && @.tags.length > 1)].title", "$..book[?(@.title != 'Moby Dick')].price", "$.list[1:6:2]", "$.nothing", "$.list[99]", "$.store.nothing.at.all",
        "$..book[?(@.price === 8.99)].title", "$..book[?(@.isbn)].price"];
    ask(paths.map((each) => ({ path: each, document: store, artillery: true }))).forEach((ours, index) => {
        const theirs = JSONPath({ path: paths[index], json: store, wrap: true }) ?? [];
        assert.deepEqual(ours, { values: theirs }, paths[index]);
    });
});

// A filter in brackets is JavaScript there, so a path alone asks for truth. Captures ask so too.
test("filters in brackets ask for truth as in jsonpath-plus", () => {
    const document = {
        a: [true, false, 0, 1, "", "x", "0", null, [], {}, [0]].map((f, n) => ({ n, f, o: { f }, m: n % 3 })).concat([{ n: 11 }]),
        on: 1, off: 0,
    };
    const paths = ["$.a[?(@.f)].n", "$.a[?(!@.f)].n", "$.a[?( @['f'] )].n", "$.a[?(@.f && @.m)].n", "$.a[?(@.f || @.m)].n", "$.a[?(!(@.f) && @.n>3)].n",
        "$.a[?(@.o && @.o.f)].n", "$.a[?(@.f && @.f.length)].n", "$.a[?(@.m == 1 && @.f)].n", "$.a[?(@.n)].n", "$.a[?(@.m)].f"];
    ask(paths.map((each) => ({ path: each, document, artillery: true }))).forEach((ours, index) => {
        assert.deepEqual(ours, { values: JSONPath({ path: paths[index], json: document, wrap: true }) ?? [] }, paths[index]);
    });
});

// Where jsonpath-plus leaves the RFC and we do not follow it: each entry must still differ, so that the list stays true.
test("paths on which jsonpath-plus differs from the RFC", () => {
    const document = { a: [{ on: false, n: 0 }, { on: true, n: 1 }], s: ["b", "a"] };
    const paths = [
        "$.a[?(@.on)].n", // asks for truth; the RFC, and we outside of captures, for existence
        "$.s[-1]", // no negative indices
        "$.s[::-1]", // no negative steps
        "$.a[0]['n','on']", // no unions of quoted names
    ];
    ask(paths.map((each) => ({ path: each, document }))).forEach((ours, index) => {
        assert.deepEqual(ours, { values: query(paths[index], document).values() }, paths[index]);
        assert.notDeepEqual(ours.values, JSONPath({ path: paths[index], json: document, wrap: true }) ?? [], paths[index]);
    });
});

// --- Values -------------------------------------------------------------------------------------------------------

test("values become JSON, text, numbers and truth as in JavaScript", () => {
    const next = random(262);
    const texts = ["", " ", "0", "-0", "+1", "1.", ".5", "-.5e-3", "0x1F", "-0x1F", "0b11", "0o17", "0b2", "0x", "Infinity", "-Infinity", "infinity", "inf", "nan", "NaN",
        "1e400", "-1e400", "1e-400", "1_000", "1,5", "5px", "1 2", "--1", "+-1", "1e", "e1", ".", "+", "-", "true", "null", "\t1\n", "\u00a01\u00a0", "\ufeff1\u2028",
        "\u00851", "\u180e1", "\u30001\u205f", "é", "😀", "\u2028", "\u007f", "\u0001\b\f\n\r\t\"\\/", "9007199254740993", "123456789012345678901234567890"];
    const numbers = [0, -0, 1, -1, 0.1, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 1.5e-10, 5e-324, 1.7976931348623157e308, 4503599627370496.5, 2 ** 53, 1 / 3, -1e-7];
    const make = (depth) => {
        const kind = next(depth > 3 ? 4 : 6);
        if (kind === 0) return next.of(texts);
        if (kind === 1) return next.of(numbers);
        if (kind === 2) return (next(1 << 24) - (1 << 23)) * 10 ** (next(40) - 20);
        if (kind === 3) return next.of([true, false, null]);
        const size = next(3);
        if (kind === 4) return Array.from({ length: size }, () => make(depth + 1));
        // Names that look like indices would be sorted to the front by JavaScript, and are not by us.
        return Object.fromEntries(Array.from({ length: size }, () => ["k" + next.of(texts), make(depth + 1)]));
    };
    const values = [...texts, ...numbers, [], {}, [[]], [[[5]]], [null], ["7"], [1, 2], ...Array.from({ length: 2000 }, () => make(0))];
    // -0 has no form of its own in JSON.stringify.
    const written = values.map((value) => (Object.is(value, -0) ? "-0" : JSON.stringify(value)));
    ask(written.map((json) => ({ json }))).forEach((ours, index) => {
        const value = JSON.parse(written[index]);
        const inText = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
        const expected = { json: JSON.stringify(value), text: inText, number: String(Number(value)), truthy: Boolean(value) };
        assert.deepEqual(ours, expected, written[index]);
    });
});

test("JSON that Node refuses is refused", () => {
    const broken = ["", "{", "[1,]", "{'a':1}", "01", "+1", ".5", "1.", "nul", "\"\n\"", "\"\\x\"", "[1] 2", "NaN", "{\"a\" 1}", "\u00a01"];
    ask(broken.map((json) => ({ json }))).forEach((ours, index) => {
        assert.throws(() => JSON.parse(broken[index]));
        assert.match(ours.error ?? "", /^line 1, column \d+: found .+, expected .+/, broken[index]);
    });
});

// --- Regular expressions ------------------------------------------------------------------------------------------

const subjects = ["", "abc", "aXbXc", "foo 123 bar 45.6", '{"id":"x-1","token": "eyJ.a_b-c"}', "line one\nline two\r\nthree", "é😀\u00a0ü STRASSE", "a\u2028b\vc", "[x]{2}(y)*", "a.b/c\\d",
    "<input name=\"csrf\" value=\"tok'en\">", "2026-11-21T10:00:00Z", "aaaaab", "__proto__ $1 ^end$", "Set-Cookie: sid=42; Path=/"];

function compareRegex(cases) {
    const questions = cases.flatMap(([regex, flags]) => subjects.map((text) => ({ regex, flags, text })));
    ask(questions).forEach((ours, index) => {
        const { regex, flags, text } = questions[index];
        const match = new RegExp(regex, flags).exec(text);
        const theirs = match === null ? null : Array.from(match, (group) => group ?? null);
        assert.deepEqual(ours, { match: theirs }, `/${regex}/${flags} on ${JSON.stringify(text)}`);
    });
}

test("regular expressions by hand find what Node finds", () =>
    compareRegex([
        ["\"id\":\"([^\"]+)\"", ""], ["name=\"csrf\" value=\"(.*?)\"", ""], ["(?<year>\\d{4})-(?<month>\\d\\d)", ""], ["sid=([^;]+)", "i"], ["^line", ""], ["^line (\\w+)$", "m"],
        ["one$", ""], ["e.l", ""], ["e.l", "s"], ["\\s+", ""], ["\\S+$", ""], ["[\\s\\d]+", ""], ["[^\\S\\n]", ""], ["[^\\w]", ""], ["\\bb\\w*", ""], ["\\Ba", ""], ["a+?b", ""],
        ["(a+)(b)?", ""], ["(x)|(y)|(z)", ""], ["[.*+?()|^$\\]\\[]+", ""], ["\\{2\\}", ""], ["{2}", ""].map((part, i) => (i === 0 ? "x]{2" : part)), ["a{2,}", ""], ["a{1,3}?b", ""],
        ["\\u00e9|\\x41", ""], ["strasse", "i"], ["[A-C]", "i"], ["\\ud83d\\ude00", "u"], ["\\u{1F600}.", "u"], ["\\p{Lu}+", "u"], ["[\\p{L}\\d]+", "u"], ["\\P{L}+", "u"],
        ["\\/c\\\\", ""], ["[^]b", ""], ["[]|b", ""], ["[\\w.-]+", ""], ["[-_]+", ""], ["[_\\-$]+", ""], ["\\$\\d", ""], ["\\cJ", ""], ["[\\b]|\\v", ""], ["\\0|c", ""], ["(?:a|b)+c?", ""],
        ["()", ""], ["$", ""], ["^$", ""], ["a|", ""], ["(|a)b", ""], ["T(\\d+):(\\d+)(?::(\\d+))?(Z|[+-])", ""],
    ]));

test("random regular expressions find what Node finds", () => {
    const next = random(2221);
    const atoms = ["a", "b", "X", "é", ".", "\\d", "\\w", "\\s", "\\S", "[a-c]", "[^a]", "[\\d.]", "\\.", "\\n", "\\b", "1", " ", "[^\\s\\w]", "\\u00e9", "-", "\\/", "\"", "^", "$"];
    // Characters are whole ones to us, as they are to Node with the flag u. No group inside a repetition: JavaScript empties it at each turn, RE2 keeps what was there.
    const quantifiers = ["", "", "", "*", "+", "?", "*?", "+?", "{1,2}", "{2}"];
    const isPlace = (atom) => ["\\b", "^", "$"].includes(atom);
    const sequence = (depth) => Array.from({ length: 1 + next(4) }, () => {
        if (depth < 2 && next(5) === 0) return `(${next.of(["", "?:"])}${sequence(depth + 1)}${next(3) === 0 ? "|" + sequence(depth + 1) : ""})`;
        const atom = next.of(atoms);
        return isPlace(atom) ? atom : atom + next.of(quantifiers);
    }).join("");
    compareRegex(Array.from({ length: 2000 }, () => [sequence(0), next.of(["u", "iu", "su", "isu"])]));
});

test("regular expressions that Node refuses are refused", () => {
    const broken = ["(", ")", "[", "a**", "*", "(?<>a)", "(?<a>.)(?<a>.)", "[b-a]", "a{2,1}", "\\", "(?i", "(?", "x{99999999999999999999,1}"];
    ask(broken.map((regex) => ({ regex, flags: "", text: "" }))).forEach((ours, index) => {
        assert.throws(() => new RegExp(broken[index]), broken[index]);
        assert.match(ours.error ?? "", /^character \d+: found .+, expected .+/, broken[index]);
    });
});
