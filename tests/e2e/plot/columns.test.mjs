// The page's decoder against bytes that the C++ encoder wrote, with the browser's inflate and with our own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decodeColumns, splitColumns } from '../../../reports/web/src/columns.js';
import { inflate } from '../../../reports/web/src/inflate.js';
import { buildModel } from '../../../reports/web/src/model.js';

const folder = mkdtempSync(join(tmpdir(), 'loadgen-plot-'));
after(() => rmSync(folder, { recursive: true }));

function page(scene, ...more) {
    const path = join(folder, `${scene}.html`);
    const figures = JSON.parse(execFileSync(process.env.PLOT_PAGES, [scene, path, ...more], { encoding: 'utf8' }));
    const html = readFileSync(path, 'utf8');
    const element = (id) => html.match(new RegExp(`<script type="[^"]*" id="${id}">([^<]*)</script>`))[1];
    return { figures, description: JSON.parse(element('description')), payload: element('payload') };
}

const sum = (values) => values.reduce((a, b) => a + b, 0);

for (const native of [true, false]) {
    const decoder = native ? 'DecompressionStream' : 'the fallback';
    for (const scene of ['deploy', 'compare', 'hostile', 'twins', 'single', 'empty']) {
        test(`${scene}: ${decoder} finds every request and failure`, async () => {
            const { figures, description, payload } = page(scene);
            const columns = await decodeColumns(description.columns, payload, native);
            const model = buildModel(description, columns);
            const failed = model.attacks.map((a) => a.failed.time.length);
            assert.equal(sum(failed), figures.failures);
            assert.equal(sum(model.attacks.map((a) => sum(a.intervals.due))), figures.requests);
            assert.equal(sum(model.attacks.map((a) => sum(a.heat.count))), figures.requests);
            assert.equal(sum(model.attacks.map((a) => sum(a.intervals.answered))), figures.requests - figures.failures);
            assert.equal(sum(model.attacks.flatMap((a) => a.intervals.failed.map(sum))), figures.failures);
            const longest = Math.max(0, ...model.attacks.flatMap((a) => [...a.ok.latency, ...a.failed.latency]));
            assert.ok(Math.abs(longest - figures.longest_ns * 1e-9) <= 0.5e-7, `${longest} s`);
        });
    }
}

test('failures beyond the limit keep their number in cells', async () => {
    const { figures, description, payload } = page('broken', '500001');
    const columns = await decodeColumns(description.columns, payload);
    assert.equal(description.failure_cell_us, 100_000);
    assert.equal(sum(columns.get('fail0.count')), figures.failures);
    assert.ok(columns.get('fail0.time').length < 1000);
});

// zlib of Node is the stranger: stored, fixed and dynamic blocks, short and long distances.
test('the fallback inflates what zlib deflates', () => {
    const noise = Uint8Array.from({ length: 70_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff);
    const samples = [new Uint8Array(), Uint8Array.of(1), noise, new Uint8Array(100_000), Buffer.from('ab'.repeat(40_000))];
    for (const sample of samples) {
        for (const options of [{ level: 0 }, { level: 1 }, { level: 9 }, { strategy: 4 }, { strategy: 2 }]) {
            assert.deepEqual(Buffer.from(inflate(deflateSync(sample, options))), Buffer.from(sample));
        }
    }
});

test('damaged data is refused, never a hang', () => {
    const good = deflateSync(Buffer.from('some text, some text, some text'.repeat(50)));
    for (let length = 2; length < good.length - 5; length++) {
        assert.throws(() => inflate(good.subarray(0, length)), /cut off/);
    }
    assert.throws(() => inflate(Uint8Array.of(0x78, 0x9c, 0x07)), /unknown block/);
    assert.throws(() => splitColumns([['a', 2]], Uint8Array.of(2)), /column a ends after 1 of 2 values/);
    assert.throws(() => splitColumns([['a', 1]], Uint8Array.of(2, 2)), /1 bytes left over/);
    assert.throws(() => splitColumns([['a', 1]], Uint8Array.of(0x80)), /column a ends after 0 of 1/);
});

// Differences 1, -2 and 2^51, encoded by hand: zigzag 2, 3 and 2^52.
test('varints beyond 32 bits stay exact', () => {
    const bytes = Uint8Array.of(2, 3, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x08);
    assert.deepEqual([...splitColumns([['a', 3]], bytes).get('a')], [1, -1, 2 ** 51 - 1]);
});
