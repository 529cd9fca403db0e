// What the browser test asks of the page: opened with #selftest, it writes into <html data-...> what it drew.
import { charts } from './chart.js';

/** Pixels inside the plot area that differ from an empty canvas. */
function inked({ plot }) {
    const { left, top, width, height } = plot.bbox;
    const { data } = plot.ctx.getImageData(left, top, width, height);
    let pixels = 0;
    for (let i = 3; i < data.length; i += 4) pixels += data[i] > 40 ? 1 : 0;
    return pixels;
}

export function reportSelf(model, latency) {
    const root = document.documentElement.dataset;
    const failed = latency.layers.filter((l) => l.failed);
    const marks = ({ points, drawn }) => (points.count ? points.count.reduce((a, b) => a + b, 0) : drawn);
    root.inked = charts.map((chart) => `${chart.card.id}:${inked(chart)}`).join(' ');
    root.failuresDrawn = String(failed.reduce((sum, layer) => sum + marks(layer), 0));
    root.requests = String(model.attacks.reduce((sum, attack) => sum + attack.requests, 0));
    root.resources = String(performance.getEntriesByType('resource').length);
}
