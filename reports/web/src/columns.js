// Reads the columns that reports/render/plot_columns.cpp wrote.
import { inflate } from './inflate.js';

function bytesOfBase64(text) {
    const binary = atob(text.trim());
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
}

async function inflateNatively(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Inflates a zlib stream with the browser's own decoder where there is one. */
export async function inflateZlib(bytes, native = typeof DecompressionStream === 'function') {
    return native ? inflateNatively(bytes) : inflate(bytes);
}

/**
 * Splits bytes into columns. Values can exceed 32 bits, so groups are added up as numbers: exact below 2^53.
 * @param directory [[name, count], ...]
 * @returns Map from name to Float64Array
 */
export function splitColumns(directory, bytes) {
    const columns = new Map();
    let at = 0;
    for (const [name, count] of directory) {
        const values = new Float64Array(count);
        let previous = 0;
        for (let i = 0; i < count; i++) {
            let zigzag = 0;
            let scale = 1;
            let byte;
            do {
                if (at >= bytes.length) throw new Error(`column ${name} ends after ${i} of ${count} values`);
                byte = bytes[at++];
                zigzag += (byte & 0x7f) * scale;
                scale *= 128;
            } while (byte & 0x80);
            previous += zigzag % 2 ? -(zigzag + 1) / 2 : zigzag / 2;
            values[i] = previous;
        }
        columns.set(name, values);
    }
    if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes left over after the last column`);
    return columns;
}

export async function decodeColumns(directory, base64, native) {
    return splitColumns(directory, await inflateZlib(bytesOfBase64(base64), native));
}
