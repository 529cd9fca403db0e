// How many requests had which latency, per interval: colour is the logarithm of the count.
import { latencyAxis, latencyRange, latencyScale, makeChart, paint, timeAxis, timeTitle } from './chart.js';
import { count, duration } from './format.js';
import { intervalAt } from './model.js';
import { color } from './theme.js';

const kStops = 5;

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/** Colour of a share from 0 to 1 between the theme's five stops. */
function ramp() {
    const stops = Array.from({ length: kStops }, (_, i) => rgb(color(`heat${i}`)));
    return (share) => {
        const at = Math.min(share, 0.9999) * (kStops - 1);
        const [a, b] = [stops[Math.floor(at)], stops[Math.floor(at) + 1]];
        return `rgb(${a.map((v, i) => Math.round(v + (b[i] - v) * (at % 1))).join(' ')})`;
    };
}

const bound = (row, perOctave) => 2 ** (row / perOctave) * 1e-9;
const depth = (value, most) => (most > 1 ? Math.log(value) / Math.log(most) : 1);

function drawCells(u, model, attack, most) {
    paint(u, (ctx) => {
        const { heat, intervals } = attack;
        const shade = ramp();
        for (let i = 0; i < heat.count.length; i++) {
            const start = intervals.start[heat.interval[i]];
            const end = intervals.start[heat.interval[i] + 1] ?? start + model.width;
            const left = Math.round(u.valToPos(start, 'x', true));
            const right = Math.round(u.valToPos(end, 'x', true));
            const top = Math.round(u.valToPos(bound(heat.row[i] + 1, model.rowsPerOctave), 'y', true));
            const bottom = Math.round(u.valToPos(bound(heat.row[i], model.rowsPerOctave), 'y', true));
            ctx.fillStyle = shade(depth(heat.count[i], most));
            ctx.fillRect(left, top, Math.max(right - left, 1), Math.max(bottom - top, 1));
        }
    });
}

function drawScale(box, most) {
    const canvas = document.createElement('canvas');
    canvas.width = 120;
    canvas.height = 10;
    const ctx = canvas.getContext('2d');
    const shade = ramp();
    for (let x = 0; x < canvas.width; x++) {
        ctx.fillStyle = shade(x / (canvas.width - 1));
        ctx.fillRect(x, 0, 1, canvas.height);
    }
    box.replaceChildren('1 request', canvas, count(most));
}

function describe(u, model, attack, cells) {
    const time = u.posToVal(u.cursor.left, 'x');
    const i = intervalAt(attack.intervals, model.width, time);
    if (i < 0) return null;
    const row = Math.floor(Math.log2(u.posToVal(u.cursor.top, 'y') * 1e9) * model.rowsPerOctave);
    const range = `${duration(bound(row, model.rowsPerOctave))} – ${duration(bound(row + 1, model.rowsPerOctave))}`;
    const rows = [[range, count(cells.get(`${i} ${row}`) ?? 0)], ['requests in the interval', count(attack.intervals.due[i])]];
    if (attack.intervals.due[i]) {
        rows.push(['p50 · p99', `${duration(attack.intervals.p50[i])} · ${duration(attack.intervals.p99[i])}`]);
    }
    return { title: `${timeTitle(attack.intervals.start[i])}, for ${duration(model.width)}`, rows };
}

export function heatmapChart(card, model, attack) {
    const { heat, intervals } = attack;
    const cells = new Map();
    let [most, low, high] = [1, Infinity, -Infinity];
    for (let i = 0; i < heat.count.length; i++) {
        cells.set(`${heat.interval[i]} ${heat.row[i]}`, heat.count[i]);
        most = Math.max(most, heat.count[i]);
        low = Math.min(low, bound(heat.row[i], model.rowsPerOctave));
        high = Math.max(high, bound(heat.row[i] + 1, model.rowsPerOctave));
    }
    const line = (tone, dash) => ({ stroke: () => color(tone), width: 1.4, dash, points: { show: false } });
    return makeChart(card, {
        height: 280, linked: true, data: [intervals.middle, intervals.p50, intervals.p99],
        full: () => [0, model.end],
        describe: (u) => describe(u, model, attack, cells),
        cursor: { y: true, points: { show: false } },
        fit: () => latencyRange(true, [low, high]),
        axes: [timeAxis(), latencyAxis(true)],
        scales: { y: latencyScale(true) },
        series: [{}, line('p50'), line('p99', [7, 4])],
        hooks: {
            drawAxes: [(u) => drawCells(u, model, attack, most)],
            draw: [() => drawScale(card.querySelector('.scale'), most)],
        },
    });
}
