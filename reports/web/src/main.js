import { charts, redrawAll } from './chart.js';
import { decodeColumns } from './columns.js';
import { heatmapChart } from './heatmap.js';
import { latencyChart } from './latency.js';
import { buildModel } from './model.js';
import { percentileChart } from './percentiles.js';
import { causesChart, ratesChart } from './rates.js';
import { reportSelf } from './selftest.js';
import { setUpTheme } from './theme.js';

const card = (id) => document.getElementById(id);

/** Two buttons in a card's head that choose the y axis; `build` makes the chart anew. */
function scaleChoice(box, isLog, build) {
    const group = document.createElement('div');
    group.className = 'choice';
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', 'Vertical axis');
    let chart = build(isLog);
    const buttons = [['Linear', false], ['Logarithmic', true]].map(([label, value]) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = label;
        button.setAttribute('aria-pressed', String(value === isLog));
        button.addEventListener('click', () => {
            buttons.forEach((b) => b.setAttribute('aria-pressed', String(b === button)));
            const { min, max } = chart.plot.scales.x;
            chart.remove();
            chart = build(value);
            chart.zoom(min, max);
        });
        return button;
    });
    group.append(...buttons);
    box.querySelector('.tools').append(group);
    return chart;
}

/** The charts that show one attack at a time, and the choice of it. */
function intervalCharts(model) {
    let shown = [];
    const show = (attack) => {
        for (const chart of shown) chart.remove();
        card('causes').hidden = false;
        shown = [
            heatmapChart(card('heatmap'), model, attack),
            ratesChart(card('rates'), model, attack),
            causesChart(card('causes'), model, attack),
        ].filter(Boolean);
    };
    if (model.attacks.length > 1) {
        const box = card('attack-choice');
        const select = box.querySelector('select');
        model.attacks.forEach((attack, i) => select.append(new Option(attack.label, String(i))));
        select.addEventListener('change', () => show(model.attacks[Number(select.value)]));
        box.hidden = false;
    }
    show(model.attacks[0]);
}

/** Tails a hundred times longer than the median drown everything else on a linear axis. */
function wantsLog({ attacks }) {
    return attacks.some(({ curves }) => {
        const response = curves.find(({ key }) => key === 'response')?.latency ?? [0];
        const median = response[Math.min(10, response.length - 1)];
        return response[response.length - 1] > 50 * median;
    });
}

async function start() {
    const description = JSON.parse(card('description').textContent);
    const columns = await decodeColumns(description.columns, card('payload').textContent);
    const model = buildModel(description, columns);
    if (!model.attacks.some(({ requests }) => requests)) return;
    card('charts').hidden = false;
    const latency = scaleChoice(card('latency'), wantsLog(model), (isLog) => latencyChart(card('latency'), model, isLog));
    intervalCharts(model);
    scaleChoice(card('percentiles'), wantsLog(model), (isLog) => percentileChart(card('percentiles'), model, isLog));
    setUpTheme(redrawAll);
    // uPlot draws in a microtask of its own; two frames later everything is on the canvas.
    requestAnimationFrame(() => requestAnimationFrame(() => {
        if (location.hash === '#selftest') reportSelf(model, latency);
        document.documentElement.dataset.charts = String(charts.length);
    }));
}

start().catch((error) => {
    const trouble = card('trouble');
    trouble.textContent = `The charts could not be drawn (${error.message}). The tables are complete.`;
    trouble.hidden = false;
    document.documentElement.dataset.charts = 'failed';
});
