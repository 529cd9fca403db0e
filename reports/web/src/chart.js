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
export function yAxis(values) {
    return axis({ size: kAxisWidth, values: (_, splits) => splits.map((v) => (v == null ? '' : values(v))) });
}

/** A y axis of durations; a logarithmic one has lines at every power of ten, and between while those are few. */
export function latencyAxis(isLog) {
    const plain = yAxis(duration);
    if (!isLog) return plain;
    return { ...plain, filter: sparse, grid: { ...plain.grid, filter: sparse }, ticks: { ...plain.ticks, filter: sparse } };
}

export const timeAxis = () =>
    axis({ size: 34, values: (_, splits) => splits.map((v) => (v === 0 ? '0' : duration(v, 4))) });

/** The axis of 1 / (1 - p): a line at each power of ten, named by its percentile. */
export function rarityAxis() {
    const powers = (_, splits) => splits.map((v) => (Math.abs(Math.log10(v) % 1) < 1e-9 ? v : null));
    return axis({
        size: 34, filter: powers, grid: { ...grid(), filter: powers }, ticks: { ...grid(), filter: powers },
        values: (_, splits) => splits.map((v) => (v == null ? '' : percentile(v))),
    });
}

/** A scale of latencies; its range is set with each zoom, from latencyRange(). */
export const latencyScale = (isLog) => ({ auto: false, range: asGiven, ...(isLog ? { distr: 3, log: 10 } : {}) });

// uPlot would widen a logarithmic scale to whole powers of ten.
export const asGiven = (_u, min, max) => [min, max];

/** The range that shows latencies from `low` to `high`: by powers of ten, or from zero. */
export function latencyRange(isLog, [low, high]) {
    if (!(high > 0)) return isLog ? [1e-4, 1e-2] : [0, 1e-3];
    if (!isLog) return [0, high * 1.06];
    const least = Math.max(Math.min(low, high), 1e-7);
    // A little air; and where all latencies are alike, enough of it to hold a labelled line.
    const margin = Math.max((high / least) ** 0.05, 1.15, Math.sqrt((10 * least) / high));
    return [least / margin, high * margin];
}

function sparse(u, splits) {
    const { min, max } = u.scales.y;
    const decades = Math.log10(max / min);
    const wanted = decades < 1.2 ? [1, 2, 3, 5, 7] : decades < 2.5 ? [1, 2, 5] : [1];
    return splits.map((v) => {
        const digit = v / 10 ** Math.floor(Math.log10(v) + 1e-9);
        return wanted.some((w) => Math.abs(digit - w) < 1e-6) ? v : null;
    });
}

/** Draws on the canvas of a plot, clipped to its area and, for marks that stand on an edge, `margin` around it. */
export function paint(u, draw, margin = 0) {
    const { ctx, bbox } = u;
    const ratio = u.pxRatio ?? devicePixelRatio;
    const around = margin * ratio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left - around, bbox.top - around, bbox.width + 2 * around, bbox.height + 2 * around);
    ctx.clip();
    draw(ctx, ratio);
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

function onKeys(chart) {
    const { area, plot: u } = chart;
    area.addEventListener('keydown', (event) => {
        const { min, max } = u.scales.x;
        const zoom = (factor) => {
            const center = u.cursor.left >= 0 ? u.posToVal(u.cursor.left, 'x') : (min + max) / 2;
            chart.zoom(center - (center - min) * factor, center + (max - center) * factor);
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
            0: () => chart.zoom(...chart.full()),
            Escape: () => u.setCursor({ left: -10, top: -10 }),
        };
        const action = actions[event.key];
        if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        action();
    });
}

/** Shows a part of the x axis, within what there is; `fit` gives the y range for it. */
function show(chart, min, max) {
    const [first, last] = chart.full();
    const from = Math.max(min, first);
    const to = Math.min(max, last);
    if (!(to > from)) return;
    chart.plot.batch(() => {
        chart.plot.setScale('x', { min: from, max: to });
        if (!chart.fit) return;
        const [low, high] = chart.fit(from, to);
        chart.plot.setScale('y', { min: low, max: high });
    });
}

function onSelect(chart) {
    const { plot: u } = chart;
    const { left, width } = u.select;
    // The selection is mirrored in linked charts; the one under the hand moves them all.
    if (chart.active && width > 2) chart.zoom(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/**
 * Puts a plot into a card.
 * @param options uPlot options without size, and: `full()` the whole x range; `fit(min, max)` the y range for a part
 *        of it (else uPlot's own); `describe(u)` the tooltip; `linked` if the x axis is the run's time, which all
 *        such charts share
 * @returns {{plot, zoom, remove}} `zoom(min, max)` moves linked charts along
 */
export function makeChart(card, { height, describe, full, fit, linked, hooks, ...options }) {
    const area = card.querySelector('.chart');
    const explain = tooltip(area);
    const chart = { card, area, linked, full, fit, active: false };
    chart.zoom = (min, max) => {
        for (const other of linked ? charts.filter((c) => c.linked) : [chart]) show(other, min, max);
    };
    const size = () => ({ width: Math.max(area.clientWidth, 280), height });
    const [min, max] = full();
    chart.plot = new uPlot(
        {
            ...size(),
            legend: { show: false },
            ...options,
            scales: { ...options.scales, x: { time: false, auto: false, min, max, ...options.scales?.x } },
            cursor: {
                y: false,
                points: { size: 7 },
                drag: { x: true, y: false, setScale: false },
                bind: { dblclick: () => () => (chart.zoom(...full()), null) },
                ...(linked ? { sync: { key: 'time', setSeries: false } } : {}),
                ...options.cursor,
            },
            hooks: {
                ...hooks,
                // A cursor that another chart moved shows its line here, but only the chart under the hand explains.
                setCursor: [(u) => explain(u, u.cursor.left >= 0 && chart.active ? describe(u) : null)],
                setSelect: [() => onSelect(chart)],
            },
        },
        options.data,
        area,
    );
    charts.push(chart);
    show(chart, min, max);
    for (const name of ['mouseenter', 'focusin']) area.addEventListener(name, () => activate(chart));
    area.addEventListener('focusout', () => explain(chart.plot, null));
    onKeys(chart);
    const watch = new ResizeObserver(() => {
        if (area.clientWidth > 0 && area.clientWidth !== chart.plot.width) chart.plot.setSize(size());
    });
    watch.observe(area);
    chart.remove = () => {
        watch.disconnect();
        charts.splice(charts.indexOf(chart), 1);
        chart.plot.destroy();
        area.replaceChildren();
    };
    return chart;
}

function activate(active) {
    for (const chart of charts) chart.active = chart === active;
}

export const timeTitle = (seconds) => moment(Math.max(seconds, 0));
