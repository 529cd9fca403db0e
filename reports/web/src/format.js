// Numbers as people read them, always with their unit and never in the reader's locale.

const kUnits = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [1e-9, 'ns']];

const trimmed = (value, digits) => String(Number(value.toPrecision(digits)));

/** Seconds as "1.23 s", "45.6 ms", "789 µs". */
export function duration(seconds, digits = 3) {
    if (seconds === 0) return '0 s';
    const size = Math.abs(seconds);
    if (size >= 120) return clock(seconds);
    // A hair below the unit rounds up to it: 999.9996 ms is "1 s".
    const [unit, name] = kUnits.find(([unit]) => size >= unit * 0.9995) ?? kUnits[3];
    return `${trimmed(seconds / unit, digits)} ${name}`;
}

/** Seconds as "2m 5s", "1h 3m". */
export function clock(seconds) {
    const whole = Math.round(seconds);
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    if (h) return m || s ? `${h}h ${m}m${s ? ` ${s}s` : ''}` : `${h}h`;
    return s ? `${m}m ${s}s` : `${m}m`;
}

/** A point in the run: "+12.345 s". */
export function moment(seconds) {
    return seconds < 120 ? `+${Number(seconds.toFixed(4))} s` : `+${clock(Math.floor(seconds))} ${Math.floor((seconds % 1) * 1000)} ms`;
}

export function count(value) {
    return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function rate(perSecond) {
    return `${perSecond >= 1000 ? count(perSecond) : trimmed(perSecond, 3)}/s`;
}

/** Axis label of a large count: 20000 as "20k". */
export function short(value) {
    if (value >= 1e6) return `${trimmed(value / 1e6, 3)}M`;
    return value >= 1e4 ? `${trimmed(value / 1e3, 3)}k` : trimmed(value, 4);
}

/** 1 / (1 - p) as the percentile p: 1000 is "99.9 %". */
export function percentile(rarity) {
    const decimals = Math.max(0, Math.ceil(Math.log10(rarity) - 1e-9) - 2);
    return `${Number((100 - 100 / rarity).toFixed(decimals + (Number.isInteger(Math.log10(rarity)) ? 0 : 1)))} %`;
}
