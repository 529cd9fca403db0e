// The HDR view: latency against 1 / (1 - p) on a logarithmic axis, so that each nine gets the same room.
import uPlot from 'uplot';
import { asGiven, latencyAxis, latencyRange, latencyScale, legendButton, makeChart, rarityAxis, swatch } from './chart.js';
import { count, duration, percentile } from './format.js';
import { color } from './theme.js';

const kTones = { response: 'ok', service: 'p50', send_delay: 'p99' };
const kDashes = { response: [], service: [8, 4], send_delay: [2, 4] };

export function percentileChart(card, model, isLog) {
    const single = model.attacks.length === 1;
    const lines = model.attacks.flatMap((attack, index) =>
        attack.curves.map((curve) => ({
            ...curve,
            label: `${attack.label ? `${attack.label}: ` : ''}${curve.label}`,
            tone: single ? kTones[curve.key] : `attack${index % 8}`,
            dash: kDashes[curve.key],
            shown: single || curve.key === 'response',
        })),
    );
    if (!lines.length) return null;
    const data = uPlot.join(lines.map((l) => [l.rarity, l.latency]), lines.map(() => [2, 2]));
    const rarest = Math.max(10, data[0][data[0].length - 1]);
    const extent = () => {
        const shown = lines.filter((l) => l.shown).flatMap((l) => l.latency);
        return [Math.min(...shown.filter((v) => v > 0)), Math.max(...shown)];
    };
    const describe = (u) => {
        const x = u.data[0][u.cursor.idx];
        if (x == null) return null;
        const rows = lines.flatMap((l, i) => {
            const value = u.data[i + 1][u.cursor.idx];
            return l.shown && value != null ? [[l.label, duration(value)]] : [];
        });
        const rare = x > 1 ? `1 in ${x < 100 ? Number(x.toPrecision(2)) : count(x)} took longer` : 'the fastest';
        return { title: `${percentile(x)}: ${rare}`, rows };
    };
    const chart = makeChart(card, {
        height: 320, linked: false, data, describe,
        full: () => [1, rarest],
        fit: () => latencyRange(isLog, extent()),
        axes: [rarityAxis(), latencyAxis(isLog)],
        scales: { x: { distr: 3, log: 10, range: asGiven }, y: latencyScale(isLog) },
        series: [{}, ...lines.map((l) => ({
            stroke: () => color(l.tone), width: 2, dash: l.dash, show: l.shown, spanGaps: true, points: { show: false },
        }))],
    });
    const refit = () => chart.zoom(chart.plot.scales.x.min, chart.plot.scales.x.max);
    const legend = card.querySelector('.legend');
    legend.replaceChildren();
    lines.forEach((l, i) => legendButton(legend, {
        label: l.label, swatch: swatch('line', l.tone, l.dash.join(' ')), shown: l.shown,
        toggle: (show) => ((l.shown = show), chart.plot.setSeries(i + 1, { show }), refit()),
    }));
    return chart;
}
