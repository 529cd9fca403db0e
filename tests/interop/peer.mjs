// What the comparisons with npm packages share: the program with our side, and chance. It stands beside each of them
// where they run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

// What a program prints, given this input; it must end well.
export function output(program, args, input = "") {
    const result = spawnSync(program, args, { input, maxBuffer: 1 << 28 });
    assert.equal(result.status, 0, result.stderr.toString());
    return result.stdout;
}

// One answer a line for one question a line.
export const answerLines = (program, args, questions) =>
    output(program, args, questions.join("\n") + "\n").toString().split("\n").slice(0, -1);

// The same, in JSON.
export function ask(program, questions) {
    const answers = answerLines(program, [], questions.map((question) => JSON.stringify(question))).map((line) => JSON.parse(line));
    assert.equal(answers.length, questions.length);
    return answers;
}

// A generator of its own: the same cases on every machine. `next(n)` is below n, `next.of` one of a list, `next.text`
// fewer than `most` pieces in a row.
export function random(seed) {
    let state = seed;
    const next = (below) => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 8) % below;
    };
    next.of = (list) => list[next(list.length)];
    next.text = (pieces, most) => Array.from({ length: next(most) }, () => next.of(pieces)).join("");
    return next;
}
