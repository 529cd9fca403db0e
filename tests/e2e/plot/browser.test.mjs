// The page in headless Chromium, from disk. DevTools' protocol over a pipe: no download, no port, no dependency.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Browser } from './chromium.mjs';

const chromium = process.env.CHROMIUM;
const skip = !chromium || chromium.endsWith('NOTFOUND') ? 'no Chromium on this machine' : false;
const folder = mkdtempSync(join(tmpdir(), 'loadgen-browser-'));
let browser;

before(async () => {
    if (!skip) browser = await Browser.launch(chromium, join(folder, 'profile'));
});
after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function write(scene, ...more) {
    const path = join(folder, `${scene}.html`);
    const figures = JSON.parse(execFileSync(process.env.PLOT_PAGES, [scene, path, ...more], { encoding: 'utf8' }));
    return { figures, url: `${pathToFileURL(path)}#selftest` };
}

async function open(scene, options = {}, ...more) {
    const { figures, url } = write(scene, ...more);
    const page = await browser.open(url, options);
    if (options.script !== false) await page.until('document.documentElement.dataset.charts');
    return { figures, page };
}

const failuresInTable = `[...document.querySelectorAll('[data-failures]')].reduce((n, e) => n + Number(e.dataset.failures), 0)`;

async function isQuiet(page) {
    assert.deepEqual(page.complaints, [], 'console messages, exceptions or policy violations');
    assert.deepEqual(page.requests.filter((url) => !url.startsWith('data:')).length, 1, `${page.requests}`);
}

for (const [scene, drawn] of [['deploy', 5], ['compare', 5], ['hostile', 5], ['twins', 5], ['single', 4]]) {
    test(`${scene}: draws its charts and every failure, and asks nobody for anything`, { skip }, async () => {
        const { figures, page } = await open(scene);
        const data = await page.evaluate('({ ...document.documentElement.dataset })');
        assert.equal(data.charts, String(drawn));
        assert.equal(data.failuresDrawn, String(figures.failures));
        assert.equal(data.requests, String(figures.requests));
        assert.equal(data.resources, '0');
        assert.equal(await page.evaluate(failuresInTable), figures.failures);
        const inked = Object.fromEntries(data.inked.split(' ').map((item) => item.split(':')));
        for (const [chart, pixels] of Object.entries(inked)) assert.ok(Number(pixels) > 100, `${chart}: ${pixels} pixels`);
        await isQuiet(page);
        await page.close();
    });
}

test('an empty result says so and draws nothing', { skip }, async () => {
    const { url } = write('empty');
    const page = await browser.open(url);
    assert.match(await page.evaluate('document.body.innerText'), /The results hold no requests/);
    assert.equal(await page.evaluate('document.querySelectorAll("canvas").length'), 0);
    await isQuiet(page);
    await page.close();
});

test('hostile names and errors are text, and no script of theirs runs', { skip }, async () => {
    const { page } = await open('hostile');
    assert.equal(await page.evaluate('document.title'), `</title><script>document.title='owned'</script>&"'`);
    assert.equal(await page.evaluate('document.querySelectorAll("img").length'), 0);
    assert.equal(await page.evaluate('document.scripts.length'), 3);
    assert.match(await page.evaluate('document.querySelector("td.error").textContent'), /^<\/script><script>.*\{\{script\}\}\d$/s);
    await page.close();
});

test('without JavaScript the tables are there, and the charts explain themselves', { skip }, async () => {
    const { figures, page } = await open('deploy', { script: false });
    const html = await page.html();
    assert.match(html, /<noscript>/);
    const counts = [...html.matchAll(/data-failures="(\d+)"/g)].map((m) => Number(m[1]));
    assert.equal(counts.reduce((a, b) => a + b, 0), figures.failures);
    assert.match(html, /<dt>Requests<\/dt><dd>30.000<\/dd>/);
    await page.close();
});

test('the policy stops what the page itself would load', { skip }, async () => {
    const { page } = await open('single');
    const outcome = `fetch('http://127.0.0.1:9/').then(() => 'loaded', () => 'refused')`;
    assert.equal(await page.evaluate(outcome), 'refused');
    assert.ok(page.complaints.some((text) => /Content Security Policy/.test(text)), String(page.complaints));
    await page.close();
});

test('too many failures to draw each: the note says so and the counts stay', { skip }, async () => {
    const { figures, page } = await open('broken', {}, '500001');
    assert.equal(await page.evaluate('document.documentElement.dataset.failuresDrawn'), String(figures.failures));
    assert.match(await page.evaluate('document.querySelector(".loud").innerText'), /Too many failures to draw each/);
    await isQuiet(page);
    await page.close();
});

test('dragging zooms every chart over time, double-click shows everything again', { skip }, async () => {
    const { page } = await open('deploy');
    const labels = `[...document.querySelectorAll('#latency .chart canvas, #rates .chart canvas')].map((c) => c.toDataURL())`;
    const whole = await page.evaluate(labels);
    const area = await page.evaluate(`(() => { const r = document.querySelector('#latency .u-over').getBoundingClientRect();
        return { x: r.x, y: r.y, width: r.width, height: r.height }; })()`);
    await page.drag(area.x + area.width * 0.45, area.x + area.width * 0.6, area.y + area.height / 2);
    await page.settled();
    const zoomed = await page.evaluate(labels);
    zoomed.forEach((image, i) => assert.notEqual(image, whole[i], `chart ${i} did not zoom`));
    await page.click(area.x + area.width / 2, area.y + area.height / 2, 2);
    await page.settled();
    assert.deepEqual(await page.evaluate(labels), whole);
    await isQuiet(page);
    await page.close();
});

test('the pointer over a failure tells its cause, latency and unit', { skip }, async () => {
    const { page } = await open('twins');
    const at = await page.evaluate(`(() => { const r = document.querySelector('#latency .u-over').getBoundingClientRect();
        return { x: r.x + 1, y: r.y + r.height * (1 - 1 / 1.06) }; })()`);
    await page.move(at.x, at.y);
    await page.settled();
    const tip = await page.evaluate(`document.querySelector('#latency .tip').innerText`);
    assert.match(tip, /ERROR\s+3 ms/);
    assert.match(tip, /no-response: connection reset by peer/);
    await page.close();
});

test('series and axes can be switched by keyboard alone', { skip }, async () => {
    const { page } = await open('deploy');
    const image = `document.querySelector('#latency .chart canvas').toDataURL()`;
    const before = await page.evaluate(image);
    await page.evaluate(`document.querySelectorAll('#latency .legend button')[1].focus()`);
    await page.key(' ');
    await page.settled();
    assert.equal(await page.evaluate(`document.activeElement.getAttribute('aria-pressed')`), 'false');
    assert.notEqual(await page.evaluate(image), before);
    await page.evaluate(`document.querySelector('#latency .tools button').focus()`);
    await page.key('Enter');
    await page.settled();
    assert.equal(await page.evaluate(`document.querySelector('#latency .tools [aria-pressed="true"]').textContent`), 'Linear');
    await page.evaluate(`document.querySelector('#rates .chart').focus()`);
    await page.key('ArrowRight');
    await page.settled();
    assert.match(await page.evaluate(`document.querySelector('#rates .tip').innerText`), /asked\s+\d+\/s/);
    await isQuiet(page);
    await page.close();
});

test('dark and light differ, and the choice beats the system', { skip }, async () => {
    const { page } = await open('deploy');
    const background = `getComputedStyle(document.body).backgroundColor`;
    const image = `document.querySelector('#percentiles canvas').toDataURL()`;
    const choose = (name) => page.evaluate(`document.querySelector('[data-theme-choice="${name}"]').click()`);
    await choose('light');
    await page.settled();
    const light = [await page.evaluate(background), await page.evaluate(image)];
    await choose('dark');
    await page.settled();
    const dark = [await page.evaluate(background), await page.evaluate(image)];
    assert.notEqual(light[0], dark[0]);
    assert.notEqual(light[1], dark[1]);
    await page.close();
});
