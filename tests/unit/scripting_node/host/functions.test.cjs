'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { HOOK, Callable, describeError } = require('../../../../loadgen/scripting/node/host/functions.cjs');

test('which functions wait for done', () => {
  const waits = (fn, hook = HOOK.function) => new Callable('f', fn).waitsForDone(hook);
  assert.equal(waits(() => {}), false);
  assert.equal(waits((context, events) => {}), false);
  assert.equal(waits((context, events, done) => {}), true);
  assert.equal(waits((...all) => {}), true);
  assert.equal(waits(function () { return arguments[2]; }), true);
  assert.equal(waits((context, { ...rest }) => {}), false);
  assert.equal(waits(async (context, events, done) => {}), false);
  assert.equal(waits((request, context, events) => {}, HOOK.beforeRequest), false);
  assert.equal(waits((request, context, events, done) => {}, HOOK.beforeRequest), true);
  assert.equal(waits((context) => {}, HOOK.whileTrue), false);
  assert.equal(waits((context, done) => {}, HOOK.whileTrue), true);
});

test('a call is settled once', async () => {
  const outcomes = [];
  const settle = (error, answer) => outcomes.push([error?.thrown, answer]);
  new Callable('f', (a, b, done) => { done(); done('x'); throw new Error('late'); }).call(HOOK.function, [1, 2], settle);
  assert.deepEqual(outcomes, [[undefined, undefined]]);
  new Callable('g', async (a, b, done) => done('bad')).call(HOOK.function, [1, 2], settle);
  await new Promise(setImmediate);
  assert.deepEqual(outcomes[1], ['bad', undefined]);
  assert.equal(outcomes.length, 2);
});

test('errors are described whatever they are', () => {
  const code = (thrown) => describeError('f', thrown).code;
  assert.equal(code(new Error('m')), 'm');
  assert.equal(code(Object.assign(new Error('m'), { code: 'E' })), 'E');
  assert.equal(code({ code: 7 }), '7');
  assert.equal(code(undefined), 'undefined');
  assert.equal(code(Symbol('s')), 'Symbol(s)');
  assert.equal(code({ get code() { throw new Error('no'); } }), 'an error that cannot be shown');
  assert.equal(code('x'.repeat(500)).length, 201);
});
