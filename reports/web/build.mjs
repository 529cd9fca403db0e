// Bundles src/ and uPlot into one HTML template: node build.mjs OUTPUT. The script and the style are inline; the
// page's Content-Security-Policy names them by hash, so nothing else can run.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

async function bundle(entry) {
    const result = await build({
        entryPoints: [join(here, 'src', entry)],
        absWorkingDir: here,
        bundle: true,
        minify: true,
        format: 'iife',
        target: ['chrome90', 'firefox90', 'safari15'],
        legalComments: 'none',
        charset: 'utf8',
        write: false,
    });
    const text = result.outputFiles[0].text.trim();
    if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${entry} would end its own element`);
    return text;
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const [script, style, dark, page] = await Promise.all([
    bundle('main.js'),
    bundle('plot.css'),
    bundle('dark.css'),
    readFile(join(here, 'src', 'plot.html'), 'utf8'),
]);
const parts = { script, style, dark, script_hash: hash(script), style_hash: hash(style), dark_hash: hash(dark) };
const filled = page.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in parts)) throw new Error(`plot.html asks for unknown part ${name}`);
    return parts[name];
});
await writeFile(process.argv[2], filled);
