'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const util = require('node:util');
const { Tracked, makeInspectable } = require('../../../../loadgen/scripting/node/host/values.cjs');

const LONG = JSON.stringify({ marker: 'm'.repeat(1000), list: [1] });

function changesOf(tracked) {
  return JSON.parse(tracked.takeChanges().text());
}

test('nothing has changed at first', () => {
  const tracked = new Tracked([['shared', { a: 1 }]]);
  tracked.apply([['a', 1, 'b', 'x', 'c', null], ['o', '{"p":[1]}', 'long', LONG], ['nan', 1, 0, 'gone', 0, 0]]);
  assert.equal(changesOf(tracked), 0);
  assert.ok(Number.isNaN(tracked.object.nan));
  assert.ok(!('gone' in tracked.object));
});

test('long objects are parsed when somebody looks', () => {
  const tracked = new Tracked();
  tracked.apply([[], ['long', LONG], []]);
  const descriptor = () => Object.getOwnPropertyDescriptor(tracked.object, 'long');
  assert.equal(typeof descriptor().get, 'function');
  assert.equal(changesOf(tracked), 0);
  assert.equal(typeof descriptor().get, 'function', 'comparing is no looking');
  assert.deepEqual(tracked.object.long.list, [1]);
  assert.equal(descriptor().get, undefined);
  tracked.object.long.list.push(2);
  assert.deepEqual(changesOf(tracked)[0][1].list, [1, 2]);
  assert.equal(changesOf(tracked), 0);
});

test('long objects are replaced, deleted and made again without having been looked at', () => {
  const tracked = new Tracked();
  tracked.apply([[], ['a', LONG, 'b', LONG, 'c', LONG], []]);
  tracked.object.a = 5;
  delete tracked.object.b;
  delete tracked.object.c;
  tracked.object.c = 'again';
  assert.deepEqual(changesOf(tracked), [['a', 5, 'c', 'again'], ['b', 0, 0]]);
  tracked.apply([[], ['a', LONG], []]);
  assert.equal(tracked.object.a.list[0], 1);
  assert.equal(changesOf(tracked), 0);
});

test('copies of the variables take the values along', () => {
  const tracked = new Tracked();
  tracked.apply([[], ['long', LONG], []]);
  makeInspectable(tracked.object);
  assert.match(util.inspect(tracked.object), /marker/);
  assert.deepEqual(JSON.parse(JSON.stringify(tracked.object)).long.list, [1]);
  assert.deepEqual(structuredClone({ ...tracked.object }).long.list, [1]);
  assert.deepEqual(Object.keys(tracked.object), ['long']);
});

test('shared objects are compared by identity', () => {
  const rows = [{ a: 1 }];
  const tracked = new Tracked([['rows', rows]]);
  assert.equal(tracked.object.rows, rows);
  rows[0].a = 2;
  assert.equal(changesOf(tracked), 0);
  tracked.object.rows = [...rows];
  assert.deepEqual(changesOf(tracked), [['rows', [{ a: 2 }]], []]);
});

test('functions and circular objects stay here, and what they replace is gone there', () => {
  const tracked = new Tracked();
  tracked.apply([['a', 1, 'b', 2], [], []]);
  tracked.object.a = () => 1;
  tracked.object.b = {};
  tracked.object.b.self = tracked.object.b;
  assert.deepEqual(changesOf(tracked), [[], ['a', 0, 0, 'b', 0, 0]]);
  assert.equal(changesOf(tracked), 0);
  tracked.object.a = 3;
  assert.deepEqual(changesOf(tracked), [['a', 3], []]);
});

test('__proto__ is no variable', () => {
  const tracked = new Tracked();
  tracked.apply([['__proto__', 1], ['__proto__', '{"polluted":true}'], []]);
  assert.equal(tracked.object.polluted, undefined);
  assert.equal(changesOf(tracked), 0);
});
