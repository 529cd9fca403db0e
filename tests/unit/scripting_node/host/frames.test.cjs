'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { FrameReader, FrameWriter, strictJson } = require('../../../../loadgen/scripting/node/host/frames.cjs');

function frame(text) {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(bytes.length);
  return Buffer.concat([header, bytes]);
}

test('frames are cut wherever the bytes are split', () => {
  const bytes = Buffer.concat([frame('[1]'), frame(''), frame('"ü"'.repeat(50)), frame('[2]')]);
  for (let step = 1; step <= bytes.length; ++step) {
    const reader = new FrameReader(1000);
    const texts = [];
    for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step), (text) => texts.push(text));
    assert.deepEqual(texts, ['[1]', '', '"ü"'.repeat(50), '[2]']);
  }
});

test('too long a frame is refused', () => {
  assert.throws(() => new FrameReader(3).push(frame('[12]'), () => {}), /a frame of 4 bytes; at most 3 are allowed/);
});

test('messages of one turn travel together', async () => {
  const frames = [];
  const writer = new FrameWriter((bytes) => frames.push(bytes));
  writer.push('1');
  Promise.resolve().then(() => writer.push('2'));
  await new Promise(setImmediate);
  assert.deepEqual(frames, [frame('[1,2]')]);
});

test('many messages do not wait for the last', () => {
  const frames = [];
  const writer = new FrameWriter((bytes) => frames.push(bytes));
  for (let i = 0; i < 300; ++i) writer.push('0');
  assert.equal(frames.length, 2);
});

test('what strict readers of JSON refuse is replaced, and nothing else', () => {
  for (const [value, expected] of [
    ['a\ud800b', '"a\ufffdb"'],
    ['\udc00\ud800', '"\ufffd\ufffd"'],
    ['\u{1F600}', '"\u{1F600}"'],
    ['\\ud800', '"\\\\ud800"'],
    ['\\\ud800', '"\\\\\ufffd"'],
    [123456789012345680000, '123456789012345680000e0'],
    [-123456789012345680000, '-123456789012345680000e0'],
    [1e21, '1e+21'],
    ['123456789012345680000"1', '"123456789012345680000\\"1"'],
    [9007199254740991, '9007199254740991'],
  ]) {
    const json = strictJson(JSON.stringify(value));
    assert.equal(json, expected);
    assert.doesNotThrow(() => JSON.parse(json));
  }
});
