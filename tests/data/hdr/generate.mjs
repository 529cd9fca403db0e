// Writes the files js-* of this folder with hdr-histogram-js. See README.md.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
const hdr = createRequire(process.cwd() + "/")("hdr-histogram-js");

const mask = (1n << 64n) - 1n;
function* samples(seed) {
    let state = BigInt(seed);
    for (;;) {
        state = (state * 6364136223846793005n + 1442695040888963407n) & mask;
        yield Number((1000n * (1n + (state >> 33n) % 2000n)) << ((state >> 29n) & 7n));
    }
}
function fill(histogram, seed, count, divisor) {
    const stream = samples(seed);
    for (let i = 0; i < count; i++) histogram.recordValue(Math.floor(stream.next().value / divisor));
    return histogram;
}
const build = (lowest, highest) => hdr.build({
    bitBucketSize: 32, autoResize: false,
    lowestDiscernibleValue: lowest, highestTrackableValue: highest, numberOfSignificantValueDigits: 3,
});
function facts(histogram) {
    // No maximum: this version reports it before rounding to a bucket, unlike its own percentiles.
    let out = `count ${histogram.totalCount}\n`;
    for (const p of [1, 7, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100]) {
        out += `p ${p} ${histogram.getValueAtPercentile(p)}\n`;
    }
    return out;
}
function set(name, histogram) {
    writeFileSync(`${name}.b64`, hdr.encodeIntoCompressedBase64(histogram) + "\n");
    writeFileSync(`${name}.facts`, facts(histogram));
}

set("js-nanos", fill(build(64, 3600000000000), 1, 5000, 1));
set("js-micros", fill(build(1, 3600000000), 2, 2000, 1000));

let log = "";
const writer = new hdr.HistogramLogWriter((text) => { log += text; });
const start = 1700000000250;
writer.outputLogFormatVersion();
writer.outputComment(`[StartTime: ${(start / 1000).toFixed(3)} (seconds since epoch), 2023-11-14]`);
writer.outputLegend();
for (let i = 0; i < 3; i++) {
    const histogram = fill(build(1, 3600000000), 200 + i, 100 + i, 1000);
    histogram.startTimeStampMsec = start + i * 1000;
    histogram.endTimeStampMsec = start + i * 1000 + 1000;
    if (i > 0) histogram.tag = "read";
    writer.outputIntervalHistogram(histogram);
}
writeFileSync("js-intervals.hlog", log);
