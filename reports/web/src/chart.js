// What all charts share: a uPlot in a card, colours from the theme, reading by mouse and keyboard, linked time axes.
import uPlot from 'uplot';
import { duration, moment, percentile } from './format.js';
import { color } from './theme.js';

const kFont = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';
const kAxisWidth = 66;

export const charts = [];

export function redrawAll() {
    for (const chart of charts) chart.plot.redraw(false, true);
}

const grid = () => ({ stroke: () => color('grid'), width: 1 });

function axis(extra) {
    return { stroke: () => color('soft'), grid: grid(), ticks: grid(), font: kFont, gap: 6, ...extra };
}

/** A y axis of durations or, with `label` of its own, of anything. */
export function yAxis(values, extra = {}) {
    return axis({ size: kAxisWidth, values: (_, splits) => splits.map((v) => (v == null ? '' : values(v))), ...extra });
}

export const timeAxis = () =>
    axis({ size: 34, values: (_, splits) => splits.map((v) => (v === 0 ? '0' : duration(v, 4))) });

export const rarityAxis = () =>
    axis({ size: 34, space: 40, values: (_, splits) => splits.map((v) => (v == null ? '' : percentile(v))) });

/** Scale of latencies: from the extent a function gives, as powers of ten or from zero. */
export function latencyScale(isLog, extent) {
    const range = (u) => {
        const [low, high] = extent(u);
        if (!(high > 0)) return isLog ? [1e-4, 1e-2] : [0, 1e-3];
        return isLog ? [Math.max(low, 1e-7) / 1.25, high * 1.25] : [0, high * 1.06];
    };
    return isLog ? { distr: 3, log: 10, range } : { range };
}

/** Labels of a logarithmic axis: every power of ten, and 2 and 5 between while there are few of them. */
export const logFilter = (u, splits) => {
    const { min, max } = u.scales.y;
    const decades = Math.log10(max / min);
    const wanted = decades < 1.2 ? [1, 2, 3, 5, 7] : decades < 2.5 ? [1, 2, 5] : [1];
    return splits.map((v) => (wanted.includes(Math.round(v / 10 ** Math.floor(Math.log10(v) + 1e-9))) ? v : null));
};

/** The canvas of a plot, clipped to its area, in canvas pixels. */
export function paint(u, draw) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx, bbox, u.pxRatio ?? devicePixelRatio);
    ctx.restore();
}

/** A button that shows or hides a series. */
export function legendButton(list, { label, note, swatch, shown, toggle }) {
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', String(shown));
    button.append(swatch, label);
    if (note) button.append(Object.assign(document.createElement('small'), { textContent: note }));
    button.addEventListener('click', () => {
        const show = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(show));
        toggle(show);
    });
    list.append(button);
}

/** 14 x 10 picture of how a series is drawn; it follows the theme by itself. */
export function swatch(kind, name, dash = '') {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('width', '16');
    svg.setAttribute('height', '10');
    svg.setAttribute('aria-hidden', 'true');
    const tags = { dot: 'circle', cross: 'path', line: 'path', bar: 'rect' };
    const shape = document.createElementNS(svg.namespaceURI, tags[kind]);
    const attributes = {
        dot: { cx: 8, cy: 5, r: 3.2, fill: `var(--${name})` },
        cross: { d: 'M4.5 1.5 11.5 8.5M11.5 1.5 4.5 8.5', stroke: `var(--${name})`, 'stroke-width': 2 },
        line: { d: 'M0 5H16', stroke: `var(--${name})`, 'stroke-width': 2.4, 'stroke-dasharray': dash },
        bar: { x: 3, y: 0, width: 10, height: 10, rx: 2, fill: `var(--${name})` },
    };
    for (const [key, value] of Object.entries(attributes[kind])) shape.setAttribute(key, value);
    svg.append(shape);
    return svg;
}

function tooltip(area) {
    const box = document.createElement('div');
    box.className = 'tip';
    box.hidden = true;
    area.append(box);
    return (u, content) => {
        box.hidden = !content;
        if (!content) return;
        box.replaceChildren(Object.assign(document.createElement('b'), { textContent: content.title }));
        for (const [name, value] of content.rows) {
            const row = box.appendChild(document.createElement('div'));
            row.append(...[name, value].map((t) => Object.assign(document.createElement('span'), { textContent: t })));
        }
        for (const [className, text] of content.remarks ?? []) {
            box.append(Object.assign(document.createElement('p'), { className, textContent: text }));
        }
        const { left, top } = u.cursor;
        const over = u.over;
        const x = over.offsetLeft + left + (left > over.clientWidth - box.offsetWidth - 24 ? -box.offsetWidth - 14 : 14);
        const y = Math.min(over.offsetTop + top + 12, area.clientHeight - box.offsetHeight);
        box.style.left = `${Math.max(x, 0)}px`;
        box.style.top = `${Math.max(y, 0)}px`;
    };
}

function onKeys(area, u, reset) {
    area.addEventListener('keydown', (event) => {
        const { min, max } = u.scales.x;
        const zoom = (factor) => {
            const center = u.cursor.left >= 0 ? u.posToVal(u.cursor.left, 'x') : (min + max) / 2;
            u.setScale('x', { min: center - (center - min) * factor, max: center + (max - center) * factor });
        };
        const width = u.over.clientWidth;
        const move = (pixels) => {
            const from = u.cursor.left >= 0 ? u.cursor.left : width / 2;
            const left = Math.min(Math.max(from + pixels, 0), width);
            u.setCursor({ left, top: u.cursor.top >= 0 ? u.cursor.top : u.over.clientHeight / 2 });
        };
        const actions = {
            ArrowLeft: () => move(event.shiftKey ? -40 : -4),
            ArrowRight: () => move(event.shiftKey ? 40 : 4),
            '+': () => zoom(0.5),
            '=': () => zoom(0.5),
            '-': () => zoom(2),
            0: reset,
            Escape: () => u.setCursor({ left: -10, top: -10 }),
        };
        const action = actions[event.key];
        if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        action();
    });
}

/**
 * Puts a plot into a card.
 * @param options uPlot options without size; `describe(u)` gives the tooltip, `full()` the whole x range,
 *        `linked` says whether the x axis is the run's time, which all such charts share
 */
export function makeChart(card, { height, describe, full, linked, ...options }) {
    const area = card.querySelector('.chart');
    const show = tooltip(area);
    const reset = () => {
        const [min, max] = full();
        chart.plot.setScale('x', { min, max });
    };
    const chart = { card, area, linked, plot: null };
    const hooks = options.hooks ?? {};
    const [min, max] = full();
    const plot = new uPlot(
        {
            width: Math.max(area.clientWidth, 280),
            height,
            legend: { show: false },
            ...options,
            scales: { ...options.scales, x: { time: false, auto: false, min, max, ...options.scales?.x } },
            cursor: {
                y: false,
                points: { size: 7 },
                drag: { x: true, y: false, setScale: true },
                bind: { dblclick: () => () => (reset(), null) },
                ...(linked ? { sync: { key: 'time', setSeries: false } } : {}),
                ...options.cursor,
            },
            hooks: {
                ...hooks,
                // A cursor that another chart moved shows its line here, but only the chart under the hand explains.
                setCursor: [(u) => show(u, u.cursor.left >= 0 && chart.active ? describe(u) : null)],
                setScale: [(u, key) => key === 'x' && linked && shareZoom(chart, u)],
            },
        },
        options.data,
        area,
    );
    chart.plot = plot;
    for (const name of ['mouseenter', 'focusin']) area.addEventListener(name, () => activate(chart));
    area.addEventListener('focusout', () => show(plot, null));
    onKeys(area, plot, reset);
    const watch = new ResizeObserver(() => {
        if (area.clientWidth > 0 && area.clientWidth !== plot.width) plot.setSize({ width: area.clientWidth, height });
    });
    watch.observe(area);
    charts.push(chart);
    chart.remove = () => {
        watch.disconnect();
        charts.splice(charts.indexOf(chart), 1);
        plot.destroy();
        area.replaceChildren();
    };
    return chart;
}

function activate(active) {
    for (const chart of charts) chart.active = chart === active;
}

function shareZoom(source, u) {
    const { min, max } = u.scales.x;
    for (const { linked, plot } of charts) {
        if (!linked || plot === u || (plot.scales.x.min === min && plot.scales.x.max === max)) continue;
        plot.setScale('x', { min, max });
    }
}

export const timeTitle = (seconds) => moment(Math.max(seconds, 0));
