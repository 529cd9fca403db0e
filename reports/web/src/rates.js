// Per interval: requests asked and answered, and failures by cause.
import { legendButton, makeChart, paint, swatch, timeAxis, timeTitle, yAxis } from './chart.js';
import { count, duration, rate, short } from './format.js';
import { intervalAt } from './model.js';
import { color } from './theme.js';

const fromZero = (_u, _low, high) => [0, high > 0 ? high * 1.08 : 1];

export function ratesChart(card, model, { intervals: rows }) {
    const lines = [
        { label: 'Asked', tone: 'soft', values: rows.asked_rate, dash: [6, 4] },
        { label: 'Answered', tone: 'ok', values: rows.answered_rate, dash: [] },
    ];
    const describe = (u) => {
        const i = intervalAt(rows, model.width, u.posToVal(u.cursor.left, 'x'));
        if (i < 0) return null;
        const shown = (perSecond, total) => `${perSecond == null ? '–' : rate(perSecond)} (${count(total)})`;
        return {
            title: `${timeTitle(rows.start[i])}, for ${duration(model.width)}`,
            rows: [
                ['asked', shown(rows.asked_rate[i], rows.due[i])],
                ['answered', shown(rows.answered_rate[i], rows.answered[i])],
            ],
        };
    };
    const chart = makeChart(card, {
        height: 210, linked: true, describe,
        data: [rows.middle, ...lines.map((l) => l.values)],
        full: () => [0, model.end],
        axes: [timeAxis(), yAxis((v) => `${short(v)}/s`)],
        scales: { y: { range: fromZero } },
        series: [{}, ...lines.map((l) => ({
            stroke: () => color(l.tone), width: 2, dash: l.dash, points: { show: rows.middle.length < 3 },
        }))],
    });
    const legend = card.querySelector('.legend');
    legend.replaceChildren();
    lines.forEach((l, i) => legendButton(legend, {
        label: l.label, swatch: swatch('line', l.tone, l.dash.join(' ')), shown: true,
        toggle: (show) => chart.plot.setSeries(i + 1, { show }),
    }));
    return chart;
}

// Steps of an axis that counts: half a failure is none.
const kWhole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6];

function drawStacks(u, model, rows, layers) {
    paint(u, (ctx) => {
        for (let i = 0; i < rows.start.length; i++) {
            const end = rows.start[i + 1] ?? rows.start[i] + model.width;
            const left = Math.round(u.valToPos(rows.start[i], 'x', true));
            const right = Math.round(u.valToPos(end, 'x', true));
            let below = 0;
            for (const { shown, values, tone } of layers) {
                if (!shown || !values[i]) continue;
                const bottom = Math.round(u.valToPos(below, 'y', true));
                below += values[i];
                const top = Math.round(u.valToPos(below, 'y', true));
                ctx.fillStyle = color(tone);
                // Even one failure among thousands leaves a mark.
                ctx.fillRect(left, Math.min(top, bottom - 2), Math.max(right - left - 1, 2), Math.max(bottom - top, 2));
            }
        }
    });
}

export function causesChart(card, model, { intervals: rows }) {
    const layers = model.groups
        .map((name, i) => ({ name, values: rows.failed[i], tone: `cause${i % 8}`, shown: true }))
        .filter(({ values }) => values.some((v) => v > 0));
    card.hidden = !layers.length;
    if (!layers.length) return null;
    const total = () => rows.middle.map((_, i) => layers.reduce((sum, l) => sum + (l.shown ? l.values[i] : 0), 0));
    const describe = (u) => {
        const i = intervalAt(rows, model.width, u.posToVal(u.cursor.left, 'x'));
        if (i < 0) return null;
        const found = layers.filter((l) => l.values[i] > 0).map((l) => [l.name, count(l.values[i])]);
        return {
            title: `${timeTitle(rows.start[i])}, for ${duration(model.width)}`,
            rows: found.length ? found : [['no failures among', count(rows.due[i])]],
        };
    };
    const chart = makeChart(card, {
        height: 190, linked: true, describe, data: [rows.middle, total()],
        full: () => [0, model.end],
        axes: [timeAxis(), { ...yAxis(short), incrs: kWhole }],
        cursor: { points: { show: false } },
        scales: { y: { range: fromZero } },
        series: [{}, { stroke: 'transparent', points: { show: false } }],
        hooks: { drawAxes: [(u) => drawStacks(u, model, rows, layers)] },
    });
    const legend = card.querySelector('.legend');
    legend.replaceChildren();
    for (const layer of layers) {
        legendButton(legend, {
            label: layer.name, note: count(layer.values.reduce((a, b) => a + b, 0)), swatch: swatch('bar', layer.tone),
            shown: true, toggle: (show) => {
                layer.shown = show;
                chart.plot.setData([rows.middle, total()], false);
                chart.zoom(chart.plot.scales.x.min, chart.plot.scales.x.max);
            },
        });
    }
    return chart;
}
