// The decoded description and columns as the charts want them: seconds everywhere, one object an attack.

const kMeasures = [['response', 'Response time'], ['service', 'Service time'], ['send_delay', 'Send delay']];

const scaled = (values, unit) => (values ?? new Float64Array()).map((value) => value * unit);

function intervals(columns, index, groups, width) {
    const get = (name) => columns.get(`interval${index}.${name}`);
    const start = scaled(get('start'), 1e-6);
    const due = get('due');
    const perSecond = (counts, spans) =>
        // A sliver of an interval has no rate worth drawing.
        Array.from(counts, (value, i) => (spans[i] * 1e-6 >= width / 4 ? value / (spans[i] * 1e-6) : null));
    const whereDue = (name) => Array.from(scaled(get(name), 1e-7), (value, i) => (due[i] ? value : null));
    return {
        start,
        middle: Array.from(start, (value, i) => (i + 1 < start.length ? (value + start[i + 1]) / 2 : value + width / 2)),
        due,
        answered: get('answered'),
        asked_rate: perSecond(due, get('due_span')),
        answered_rate: perSecond(get('answered'), get('answer_span')),
        p50: whereDue('p50'),
        p99: whereDue('p99'),
        max: whereDue('max'),
        failed: groups.map((_, group) => get(`failed${group}`)),
    };
}

function curves(columns, index, requests, perDecade) {
    return kMeasures.flatMap(([key, label]) => {
        const latency = scaled(columns.get(`curve${index}.${key}`), 1e-7);
        if (!latency.length) return [];
        const rarity = Array.from(latency, (_, k) => 10 ** (k / perDecade));
        rarity[rarity.length - 1] = Math.max(requests, 1);
        return [{ key, label, rarity, latency: Array.from(latency) }];
    });
}

/** The interval that holds a time, or -1. */
export function intervalAt(rows, width, time) {
    const index = lowerBound(rows.start, time + 1e-9) - 1;
    return index >= 0 && time < rows.start[index] + width ? index : -1;
}

/** First index whose value is not below `value`. */
export function lowerBound(sorted, value) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < value) low = middle + 1;
        else high = middle;
    }
    return low;
}

const kNameLength = 40;

const shortName = (name) => ([...name].length > kNameLength ? `${[...name].slice(0, kNameLength - 1).join('')}…` : name);

export function buildModel(description, columns) {
    const width = description.interval_us * 1e-6;
    const attacks = description.attacks.map((attack, index) => {
        const fail = (name) => columns.get(`fail${index}.${name}`);
        return {
            ...attack,
            // One attack needs no name on every line.
            label: description.attacks.length > 1 ? shortName(attack.name) || `attack ${index + 1}` : '',
            ok: {
                time: scaled(columns.get(`ok${index}.time`), 1e-6),
                latency: scaled(columns.get(`ok${index}.latency`), 1e-7),
            },
            failed: {
                time: scaled(fail('time'), 1e-6),
                latency: scaled(fail('latency'), 1e-7),
                shortest: fail('shortest') && scaled(fail('shortest'), 1e-7),
                kind: fail('kind'),
                count: fail('count'),
            },
            intervals: intervals(columns, index, description.groups, width),
            heat: {
                interval: columns.get(`heat${index}.interval`),
                row: columns.get(`heat${index}.row`),
                count: columns.get(`heat${index}.count`),
            },
            curves: curves(columns, index, attack.requests, description.curve_per_decade),
        };
    });
    let end = width;
    for (const { intervals: rows } of attacks) {
        if (rows.start.length) end = Math.max(end, rows.start[rows.start.length - 1] + width);
    }
    return {
        attacks,
        groups: description.groups,
        kinds: description.kinds,
        rowsPerOctave: description.heat_rows_per_octave,
        cell: description.failure_cell_us * 1e-6,
        width,
        end: attacks.length ? end : 1,
    };
}
