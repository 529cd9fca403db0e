import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, count, duration, moment, percentile, rate, short } from '../../../reports/web/src/format.js';
import { intervalAt, lowerBound } from '../../../reports/web/src/model.js';

const cases = (name, call, pairs) =>
    test(name, () => pairs.forEach(([value, text]) => assert.equal(call(value), text)));

cases('durations', duration, [
    [0, '0 s'], [1e-9, '1 ns'], [0.0000123, '12.3 µs'], [0.0015, '1.5 ms'], [0.99996, '1 s'], [12.345, '12.3 s'],
    [119.4, '119 s'], [125, '2m 5s'],
]);
cases('clock', clock, [[120, '2m'], [3600, '1h'], [3660, '1h 1m'], [3605, '1h 0m 5s']]);
cases('moments', moment, [[0, '+0 s'], [1.23456, '+1.2346 s'], [125.5, '+2m 5s 500 ms']]);
cases('counts', count, [[0, '0'], [999, '999'], [1234567, '1\u202f234\u202f567']]);
cases('rates', rate, [[0, '0/s'], [12.345, '12.3/s'], [20000.4, '20\u202f000/s']]);
cases('axis numbers', short, [[0, '0'], [2500, '2500'], [20000, '20k'], [1.5e6, '1.5M']]);
cases('percentiles', percentile, [
    [1, '0 %'], [2, '50 %'], [10, '90 %'], [100, '99 %'], [1000, '99.9 %'], [10000, '99.99 %'], [20, '95 %'],
]);

test('the interval that holds a time', () => {
    const rows = { start: [0, 0.7, 1.7] };
    const at = (time) => intervalAt(rows, 1, time);
    assert.deepEqual([-0.1, 0, 0.69, 0.7, 1.69, 2.6, 2.8].map(at), [-1, 0, 0, 1, 1, 2, -1]);
});

test('lower bound', () => {
    assert.deepEqual([0, 1, 2, 3, 9].map((v) => lowerBound([1, 2, 2, 5], v)), [0, 0, 1, 3, 4]);
});
