// The languages inside the texts of a scenario, read by us and by Artillery: templates by its own template(), paths by
// lodash, expressions by filtrex (0.5 is what ifTrue uses, 2 what ensure uses); functions by Node and jsonwebtoken. Run
// by ctest; TEXT_LANGUAGE_PEER is the program with our side.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import { compileExpression } from "filtrex2";
import jsonwebtoken from "jsonwebtoken";
import _ from "lodash";
import { ask as askPeer, random } from "./peer.mjs";

const require = createRequire(import.meta.url);
const { template } = require("@artilleryio/int-commons").engine_util;
const filtrex = require("filtrex");

const ask = (questions) => askPeer(process.env.TEXT_LANGUAGE_PEER, questions);

const shown = (value) => {
    if (value === undefined) return { kind: "undefined", text: "undefined" };
    if (value === null) return { kind: "null", text: "null" };
    if (Array.isArray(value)) return { kind: "an array", text: JSON.stringify(value) };
    if (typeof value === "object") return { kind: "an object", text: JSON.stringify(value) };
    return { kind: `a ${typeof value}`, text: String(value) };
};

// --- Templates ----------------------------------------------------------------------------------------------------

const variables = {
    a: 1, name: "Ada", "my-var": "dash", zero: 0, no: false, none: null, empty: "", half: 0.5, big: 1e21, "a.b": "whole",
    list: [1, "two", { x: null, y: ["d"] }], order: { id: 7, "b c": { d: true }, items: [{ sku: "s" }], "0": "zero" },
    $uuid: "u-1", $env: { HOME: "/root" }, text: "grüße 😀",
};

// What Artillery's pattern finds, put in once. Artillery looks again at what it has put in, which is left out here.
const pattern = /{{{?[\s$\w.[\]'"-]+}}}?/g;
const looksAgain = (text) => {
    const once = text.replace(pattern, (found) => {
        const value = _.get(variables, found.replace(/[{}]/g, "").trim());
        return typeof value === "object" ? JSON.stringify(value) : value;
    });
    return text.match(pattern) !== null && once.search(pattern) >= 0;
};

test("templates read as Artillery's", () => {
    const next = random(20261121);
    const pieces = ["{{", "}}", "{", "}", "{{{", "}}}", " ", "a", "name", "my-var", "zero", "no", "none", "empty", "half", "big", "list", "order", ".", ".id", ".items",
        "[0]", "[1]", "['b c']", ".d", "[\"b c\"]", ".sku", "$uuid", "$env.HOME", "text", "+", "|", "(", ")", "é", "\n", "\u00a0", "x", "{{ a }}", "{{name}}", "{{ order.id }}",
        "{{{ list }}}", "{{ list[2].y[0] }}", "{{ my-var }}", ",", ":", "\"", "'", ".length"];
    const texts = Array.from({ length: 20000 }, () => next.text(pieces, 9));
    for (const path of ["a", "name", "list", "list[2]", "list[2].x", "order['b c'].d", "order.items[0].sku", "zero", "no", "none", "empty", "gone", "gone.x", "big", "half",
        "a.b", "list.length", "name.length", "name[1]", "text.length", "order[0]", "$env.HOME", "$env", "order.items.0.sku", "list.-1", "list[-1]", "list.01"])
        texts.push(`{{ ${path} }}`, `{{{${path}}}}`, `x{{${path} }}y`, `{{ ${path} }} `);
    let compared = 0;
    let found = 0;
    ask(texts.map((text) => ({ template: text, vars: variables }))).forEach((ours, index) => {
        const text = texts[index];
        if (looksAgain(text) || /{{\s*\$\w+\s*\(/.test(text)) return; // the latter is a call
        // We refuse what has no name, where Artillery puts "undefined".
        if (ours.error) return assert.match(ours.error, /expected (the name of a variable|it to begin with the name)/, text);
        compared += 1;
        found += text.search(pattern) >= 0 ? 1 : 0;
        assert.deepEqual(ours, shown(template(text, { vars: variables, funcs: {} })), JSON.stringify(text));
    });
    assert.ok(compared > 15000 && found > 2000, `${compared} ${found}`);
});

test("paths are split as by lodash", () => {
    const next = random(7);
    const pieces = ["a", "b-c", ".", "[", "]", "0", "1", "'", "\"", "\\", "[0]", "['x']", "[\"y z\"]", "[-1]", "[1.5]", " ", "é", "[]", ".."];
    const paths = Array.from({ length: 20000 }, () => next.text(pieces, 8));
    ask(paths.map((path) => ({ path }))).forEach((ours, index) => {
        assert.deepEqual(ours, _.toPath(paths[index]), JSON.stringify(paths[index]));
    });
});

// --- Expressions --------------------------------------------------------------------------------------------------

const data = { a: 1, b: 2.5, c: -3, zero: 0, five: "5", name: "Ada", empty: "", none: null, yes: true, no: false, "x.y": 7, item_2: 12 };

/** Expressions without needless parentheses, so that they test how operators bind. */
function expressions(next, dialect) {
    const names = ["a", "b", "c", "zero", "five", "none", "yes", "no", "x.y", "item_2", "missing"];
    const number = (depth) => {
        const kind = next(depth > 3 ? 3 : 13);
        if (kind === 0) return String(next(20));
        if (kind === 1) return (next(100) / 8).toFixed(3);
        if (kind === 2) return next.of(names);
        if (kind === 3) return `-${number(depth + 2)}`;
        if (kind === 4) return `(${number(depth + 1)})`;
        if (kind === 5) return `${next.of(["abs", "ceil", "floor", "round", "sqrt", "log"])}(${number(depth + 1)})`;
        if (kind === 6) return `${next.of(["max", "min"])}(${number(depth + 1)}, ${number(depth + 1)})`;
        if (kind === 7) return `(${bool(depth + 1)} ? ${number(depth + 1)} : ${number(depth + 1)})`;
        // Small powers: others differ in the last digit, which a remainder makes large.
        if (kind === 8) return `${number(depth + 1)} ^ ${next(3)}`;
        return `${number(depth + 1)} ${next.of(["+", "-", "*", "/", "%"])} ${number(depth + 1)}`;
    };
    const text = (depth) => {
        const kind = next(depth > 3 ? 2 : 4);
        if (kind === 0) return next.of(["\"\"", "\"Ada\"", "\"5\"", "\"x y\"", "\"10\""]);
        if (kind === 1) return next.of(["name", "five", "empty"]);
        return kind === 2 ? `${text(depth + 1)} + ${text(depth + 1)}` : `(${text(depth + 1)})`;
    };
    const compare = (depth) => {
        const operator = next.of(["==", "!=", "<", "<=", ">", ">="]);
        const side = () => (next(3) === 0 ? text(depth + 1) : number(depth + 1));
        return `${side()} ${operator} ${side()}`;
    };
    const bool = (depth) => {
        const kind = next(depth > 3 ? 2 : 8);
        if (kind < 2) return compare(depth);
        if (kind === 2) return `not ${next.of(names)}`;
        if (kind === 3) return `not (${bool(depth + 1)})`.replace("(", dialect === 0 ? " (" : "(").replace("  ", " ");
        if (kind === 4 && dialect === 0) {
            const list = Array.from({ length: 1 + next(3) }, () => (next(2) ? String(next(6)) : text(9))).join(", ");
            return `${next.of(["a", "five", "name", "item_2", "missing"])} ${next.of(["in", "not in"])} (${list})`;
        }
        if (kind === 5) return `(${bool(depth + 1)})`;
        if (kind === 6) return `${compare(depth)} == ${next(2)}`;
        return `${bool(depth + 1)} ${next.of(["and", "or"])} ${bool(depth + 1)}`;
    };
    return Array.from({ length: 6000 }, (unused, index) => (index % 3 === 0 ? number(0) : index % 3 === 1 ? text(0) : bool(0))).filter((each) => each.length < 2000);
}

const asNumber = (text) => (text === "true" ? "1" : text === "false" ? "0" : text);

function compareExpressions(list, evaluate) {
    const outcomes = { true: 0, false: 0 };
    ask(list.map((expression) => ({ expression, vars: data }))).forEach((ours, index) => {
        const expression = list[index];
        const theirs = evaluate(expression);
        assert.equal(ours.error, undefined, expression);
        assert.equal(ours.holds, Boolean(theirs), `${expression}: ours ${ours.text}, theirs ${theirs}`);
        if (typeof theirs === "number" && Math.abs(theirs) > 0 && Number.isFinite(theirs) && !/true|false/.test(ours.text)) {
            const difference = Math.abs(Number(ours.text) - theirs); // powers differ in the last digit
            assert.ok(difference <= Math.abs(theirs) * 1e-14, `${expression}: ours ${ours.text}, theirs ${theirs}`);
        } else {
            assert.equal(asNumber(ours.text), asNumber(String(theirs)), expression);
        }
        outcomes[ours.holds] += 1;
    });
    assert.ok(outcomes.true > list.length / 10 && outcomes.false > list.length / 10, JSON.stringify(outcomes));
}

test("expressions give what filtrex 0.5 gives", () => {
    compareExpressions(expressions(random(5), 0), (expression) => filtrex(expression)(data));
});

test("expressions give what filtrex 2 gives", () => {
    compareExpressions(expressions(random(2), 2), (expression) => compileExpression(expression)(data));
    const own = ["name ~= \"^A\"", "name ~= \"x\"", "five ~= \"\\\\d\"", "'x.y' + 'item_2'", "\"a\\\"b\" == \"a\\\"b\"", "max(1, 2, 3)", "(1, 2) in (1, 2, 3)", "(1, 4) in (1, 2, 3)",
        "1 in (1, 2)", "a not in (2, 3)", "name in (\"Ada\", \"Eve\")"];
    ask(own.map((expression) => ({ expression, vars: data }))).forEach((ours, index) => {
        assert.equal(ours.holds, Boolean(compileExpression(own[index])(data)), own[index]);
    });
});

// Each of these is meant; docs/artillery-differences.md tells them.
test("where expressions differ from filtrex 0.5", () => {
    const cases = [
        ["name and name", true, false], // Number("Ada") is NaN there
        ["name or zero", true, false],
        ["a + 1 not in (1, 2)", false, true], // binds as `in` here, tighter than `+` there
        ["yes ? 0 : yes ? 1 : 1", false, true], // groups to the right here
        ["five in (5.0)", true, true],
    ];
    ask(cases.map(([expression]) => ({ expression, vars: data }))).forEach((ours, index) => {
        const [expression, here, there] = cases[index];
        assert.equal(ours.holds, here, expression);
        assert.equal(Boolean(filtrex(expression)(data)), there, expression);
    });
    // A call behind `not` without a blank is an error there, for which Artillery runs the step.
    assert.throws(() => filtrex("not(a)"));
    assert.equal(ask([{ expression: "not(a)", vars: data }])[0].holds, false);
});

test("broken expressions are refused by both", () => {
    const next = random(99);
    const pieces = ["a", "1", "\"x\"", "+", "-", "*", "==", "<", " and ", " or ", " not ", " in ", "(", ")", ",", "?", ":", "max(", " "];
    const list = Array.from({ length: 20000 }, () => next.text(pieces, 7));
    let refused = 0;
    ask(list.map((expression) => ({ expression, vars: data }))).forEach((ours, index) => {
        if (ours.error === undefined) return;
        assert.throws(() => filtrex(list[index]), undefined, `${list[index]}: ${ours.error}`);
        refused += 1;
    });
    assert.ok(refused > 10000, String(refused));
});

// --- Functions ----------------------------------------------------------------------------------------------------

test("functions give what Node gives", () => {
    const next = random(3);
    const texts = ["", "a", "abc", "grüße 😀", " x ", "a b&c=d/e?f#g%h+i", "!'()*~", "\"\\\n", "x".repeat(100)];
    const quoted = (text) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
    const cases = [];
    for (const text of texts) {
        const of = (name, ...more) => `{{ ${name}(${[quoted(text), ...more].join(", ")}) }}`;
        cases.push([of("$base64"), Buffer.from(text).toString("base64")], [of("$base64Url"), Buffer.from(text).toString("base64url")]);
        cases.push([of("$urlEncode"), encodeURIComponent(text)], [of("$jsonStringify"), JSON.stringify(text)], [of("$length"), String(text.length)], [of("$trim"), text.trim()]);
        for (const name of ["sha256", "sha1", "sha512", "md5"])
            for (const encoding of ["hex", "base64", "base64url"]) {
                cases.push([of(`$${name}`, `"${encoding}"`), crypto.createHash(name).update(text).digest(encoding)]);
                cases.push([`{{ $hmac("${name}", "kéy", ${quoted(text)}, "${encoding}") }}`, crypto.createHmac(name, "kéy").update(text).digest(encoding)]);
            }
        for (let i = 0; i < 10; ++i) {
            const [from, to] = [next(12) - 6, next(12) - 6];
            cases.push([of("$slice", from, to), [...text].slice(from, to).join("")], [of("$padStart", next(8), "\"ab\""), undefined]);
        }
        cases.push([of("$padStart", 12, "\"-\""), text.length === [...text].length ? text.padStart(12, "-") : undefined]);
        cases.push([of("$replace", "\"a\"", "\"bb\""), text.replaceAll("a", "bb")], [of("$split", "\"b\""), JSON.stringify(text.split("b"))]);
    }
    ask(cases.map(([text]) => ({ template: text }))).forEach((ours, index) => {
        assert.equal(ours.error, undefined, cases[index][0]);
        if (cases[index][1] !== undefined) assert.equal(ours.text, cases[index][1], cases[index][0]);
    });
});

test("tokens are verified by jsonwebtoken", () => {
    const [ours] = ask([{ template: "{{ $jwt($object(\"sub\", user), \"s3cret\", 3600) }}", vars: { user: { id: "ü" } } }]);
    const now = 1763719200;
    const claims = jsonwebtoken.verify(ours.text, "s3cret", { algorithms: ["HS256"], clockTimestamp: now });
    assert.deepEqual(claims, { sub: { id: "ü" }, iat: now, exp: now + 3600 });
    assert.throws(() => jsonwebtoken.verify(ours.text, "other", { clockTimestamp: now }));
    assert.throws(() => jsonwebtoken.verify(ours.text, "s3cret", { clockTimestamp: now + 3601 }));
});
