// Latency over time: every failure, every (or the extreme) success, and quantile lines over them.
import uPlot from 'uplot';
import {
    latencyAxis, latencyRange, latencyScale, legendButton, makeChart, paint, swatch, timeAxis, timeTitle,
} from './chart.js';
import { count, duration } from './format.js';
import { intervalAt, lowerBound } from './model.js';
import { color } from './theme.js';

const kReach = 14; // how far from a point the pointer still reads it, in CSS pixels
const kLines = [['p50', []], ['p99', [7, 4]], ['max', [2, 4]]];

function layersOf(model) {
    const single = model.attacks.length === 1;
    return model.attacks.flatMap((attack, index) => {
        const prefix = attack.label ? `${attack.label}: ` : '';
        const base = { attack, prefix };
        return [
            { ...base, points: attack.ok, label: `${prefix}OK`, tone: single ? 'ok' : `attack${index % 8}`, shown: true },
            { ...base, points: attack.failed, label: `${prefix}ERROR`, tone: `fail${index % 4}`, failed: true, shown: true },
        ];
    }).filter((layer) => layer.points.time.length);
}

/** Dots and crosses. A pixel that has its mark already is not painted again: half a million failures draw fast. */
function drawPoints(u, layer, ctx, ratio) {
    const { time, latency } = layer.points;
    const { min, max } = u.scales.x;
    const from = lowerBound(time, min);
    const to = lowerBound(time, max + 1e-9);
    const painted = new Set();
    const dense = to - from > 1500;
    const size = layer.failed ? Math.round((dense ? 3 : 4) * ratio) : (dense ? 1.5 : 2.2) * ratio;
    const path = new Path2D();
    const floor = u.scales.y.distr === 3 ? u.scales.y.min : 0;
    for (let i = from; i < to; i++) {
        const x = Math.round(u.valToPos(time[i], 'x', true));
        const y = Math.round(u.valToPos(Math.max(latency[i], floor), 'y', true));
        const pixel = x * 65536 + y;
        if (painted.has(pixel)) continue;
        painted.add(pixel);
        if (layer.failed) {
            path.moveTo(x - size, y - size);
            path.lineTo(x + size, y + size);
            path.moveTo(x - size, y + size);
            path.lineTo(x + size, y - size);
        } else {
            path.moveTo(x + size, y);
            path.arc(x, y, size, 0, 7);
        }
    }
    ctx.globalAlpha = layer.failed ? 0.9 : dense ? 0.5 : 0.7;
    ctx.strokeStyle = ctx.fillStyle = color(layer.tone);
    ctx.lineWidth = 1.6 * ratio;
    ctx.setLineDash([]); // the quantile lines leave theirs behind
    if (layer.failed) ctx.stroke(path);
    else ctx.fill(path);
    layer.drawn = to - from;
}

/** The point nearest to the cursor, failures first: [layer, index] or null. */
function nearest(u, layers) {
    const { left, top } = u.cursor;
    let best = null;
    let bestDistance = kReach;
    for (const layer of layers.filter((l) => l.shown).sort((a, b) => Boolean(b.failed) - Boolean(a.failed))) {
        const { time, latency } = layer.points;
        const from = lowerBound(time, u.posToVal(left - kReach, 'x'));
        const to = lowerBound(time, u.posToVal(left + kReach, 'x'));
        for (let i = from; i < to; i++) {
            const distance = Math.hypot(u.valToPos(time[i], 'x') - left, u.valToPos(latency[i], 'y') - top);
            if (distance < bestDistance) [best, bestDistance] = [[layer, i], distance];
        }
        if (best) break;
    }
    return best;
}

function describePoint(model, [layer, i]) {
    const { time, latency, kind, count: counts, shortest } = layer.points;
    const remarks = [];
    const rows = [[layer.label, duration(latency[i], 4)]];
    if (layer.failed) {
        const { group, code, text } = model.kinds[kind[i]];
        remarks.push(['fail', `${model.groups[group]}${code ? ` · status ${code}` : ''}${text ? `: ${text}` : ''}`]);
        if (counts) {
            rows[0][1] = `${duration(shortest[i])} – ${duration(latency[i])}`;
            rows.push(['failures in this mark', count(counts[i])]);
        }
    }
    return { title: timeTitle(time[i]), rows, remarks };
}

function describe(u, model, layers) {
    const point = nearest(u, layers);
    const time = u.posToVal(u.cursor.left, 'x');
    const content = point ? describePoint(model, point) : { title: timeTitle(time), rows: [] };
    for (const attack of model.attacks) {
        const i = intervalAt(attack.intervals, model.width, point ? point[0].points.time[point[1]] : time);
        if (i < 0 || !attack.intervals.due[i]) continue;
        const prefix = attack.label ? `${attack.label}: ` : '';
        const { p50, p99, max } = attack.intervals;
        content.rows.push([`${prefix}p50 · p99 · max here`, [p50, p99, max].map((q) => duration(q[i])).join(' · ')]);
    }
    return content;
}

function extentOf(layers, lines) {
    return (min, max) => {
        let [low, high] = [Infinity, -Infinity];
        const widen = (value) => {
            if (value == null) return;
            if (value > 0 && value < low) low = value;
            if (value > high) high = value;
        };
        for (const { shown, points } of layers) {
            if (!shown) continue;
            const to = lowerBound(points.time, max + 1e-9);
            for (let i = lowerBound(points.time, min); i < to; i++) widen(points.latency[i]);
        }
        for (const { shown, attack, name } of lines) {
            if (!shown) continue;
            attack.intervals.middle.forEach((x, i) => x >= min && x <= max && widen(attack.intervals[name][i]));
        }
        return [low, high];
    };
}

export function latencyChart(card, model, isLog) {
    const single = model.attacks.length === 1;
    const layers = layersOf(model);
    const lines = model.attacks.flatMap((attack, index) =>
        kLines.map(([name, dash]) => ({
            attack, name, dash,
            tone: single ? name : `attack${index % 8}`,
            label: `${attack.label ? `${attack.label}: ` : ''}${name}`,
            shown: name !== 'max' && attack.intervals.due.length > 1,
        })),
    );
    const tables = model.attacks.map(({ intervals: rows }) => [rows.middle, rows.p50, rows.p99, rows.max]);
    const data = tables.length ? uPlot.join(tables, tables.map((t) => t.map(() => 1))) : [[]];
    const drawLayers = (failed) => (u) =>
        paint(u, (ctx, ratio) => {
            for (const l of layers) if (l.shown && Boolean(l.failed) === failed) drawPoints(u, l, ctx, ratio);
        }, 5);
    const refit = () => chart.zoom(chart.plot.scales.x.min, chart.plot.scales.x.max);
    const extent = extentOf(layers, lines);
    const chart = makeChart(card, {
        height: 420, linked: true, data,
        full: () => [0, model.end],
        describe: (u) => describe(u, model, layers),
        cursor: { y: true },
        fit: (min, max) => latencyRange(isLog, extent(min, max)),
        axes: [timeAxis(), latencyAxis(isLog)],
        scales: { y: latencyScale(isLog) },
        series: [{}, ...lines.map((line) => ({
            label: line.label, show: line.shown, stroke: () => color(line.tone), width: 1.8, dash: line.dash,
            points: { show: false }, spanGaps: single ? false : true,
        }))],
        hooks: { drawAxes: [drawLayers(false)], draw: [drawLayers(true)] },
    });
    chart.layers = layers;

    const legend = card.querySelector('.legend');
    legend.replaceChildren();
    for (const layer of layers) {
        const { attack, points, failed } = layer;
        const total = failed ? attack.failures : attack.requests - attack.failures;
        const note = points.time.length === total ? count(total) : `${count(points.time.length)} marks for ${count(total)}`;
        legendButton(legend, {
            label: layer.label, note, swatch: swatch(failed ? 'cross' : 'dot', layer.tone), shown: true,
            toggle: (show) => ((layer.shown = show), refit()),
        });
    }
    lines.forEach((line, i) => legendButton(legend, {
        label: line.label, swatch: swatch('line', line.tone, line.dash.join(' ')), shown: line.shown,
        toggle: (show) => ((line.shown = show), chart.plot.setSeries(i + 1, { show }), refit()),
    }));
    return chart;
}
