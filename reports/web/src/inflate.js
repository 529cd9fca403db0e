// A small inflate (RFC 1951) inside zlib (RFC 1950), for browsers without DecompressionStream.

const kLengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const kLengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const kDistanceBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const kCodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Canonical Huffman code: how many codes of each length, and the symbols in order of code. */
function huffman(lengths) {
    const counts = new Uint16Array(16);
    for (const length of lengths) counts[length]++;
    counts[0] = 0;
    const offsets = new Uint16Array(16);
    for (let i = 1; i < 15; i++) offsets[i + 1] = offsets[i] + counts[i];
    const symbols = new Uint16Array(lengths.length);
    lengths.forEach((length, symbol) => {
        if (length) symbols[offsets[length]++] = symbol;
    });
    return { counts, symbols };
}

class BitReader {
    constructor(bytes, at) {
        this.bytes = bytes;
        this.at = at;
        this.held = 0;
        this.bits = 0;
    }

    take(count) {
        while (this.bits < count) {
            if (this.at >= this.bytes.length) throw new Error('compressed data is cut off');
            this.held |= this.bytes[this.at++] << this.bits;
            this.bits += 8;
        }
        const value = this.held & ((1 << count) - 1);
        this.held >>>= count;
        this.bits -= count;
        return value;
    }

    symbol(code) {
        let value = 0;
        let first = 0;
        let index = 0;
        for (let length = 1; length < 16; length++) {
            value |= this.take(1);
            const count = code.counts[length];
            if (value - count < first) return code.symbols[index + (value - first)];
            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }
        throw new Error('compressed data holds an unknown code');
    }
}

class Output {
    constructor() {
        this.bytes = new Uint8Array(1 << 16);
        this.size = 0;
    }

    push(byte) {
        if (this.size === this.bytes.length) {
            const larger = new Uint8Array(this.size * 2);
            larger.set(this.bytes);
            this.bytes = larger;
        }
        this.bytes[this.size++] = byte;
    }

    copy(distance, length) {
        if (distance > this.size) throw new Error('compressed data refers to before its start');
        for (let i = 0; i < length; i++) this.push(this.bytes[this.size - distance]);
    }
}

function fixedCodes() {
    const lengths = new Array(288).fill(8);
    lengths.fill(9, 144, 256).fill(7, 256, 280);
    return [huffman(lengths), huffman(new Array(30).fill(5))];
}

function dynamicCodes(input) {
    const literals = input.take(5) + 257;
    const distances = input.take(5) + 1;
    const used = input.take(4) + 4;
    const order = new Array(19).fill(0);
    for (let i = 0; i < used; i++) order[kCodeOrder[i]] = input.take(3);
    const code = huffman(order);
    const lengths = [];
    while (lengths.length < literals + distances) {
        const symbol = input.symbol(code);
        if (symbol < 16) lengths.push(symbol);
        else if (symbol === 16) repeat(lengths, lengths[lengths.length - 1], 3 + input.take(2));
        else repeat(lengths, 0, symbol === 17 ? 3 + input.take(3) : 11 + input.take(7));
    }
    return [huffman(lengths.slice(0, literals)), huffman(lengths.slice(literals, literals + distances))];
}

function repeat(list, value, times) {
    for (let i = 0; i < times; i++) list.push(value);
}

function coded(input, output, [literals, distances]) {
    for (;;) {
        const symbol = input.symbol(literals);
        if (symbol === 256) return;
        if (symbol < 256) {
            output.push(symbol);
            continue;
        }
        const length = kLengthBase[symbol - 257] + input.take(kLengthBits[symbol - 257]);
        const slot = input.symbol(distances);
        output.copy(kDistanceBase[slot] + input.take(slot < 2 ? 0 : (slot >> 1) - 1), length);
    }
}

function stored(input, output) {
    input.held = input.bits = 0;
    const length = input.take(16);
    input.take(16);
    for (let i = 0; i < length; i++) output.push(input.take(8));
}

export function inflate(zlib) {
    const input = new BitReader(zlib, 2);
    const output = new Output();
    let last;
    do {
        last = input.take(1);
        const kind = input.take(2);
        if (kind === 0) stored(input, output);
        else if (kind === 1) coded(input, output, fixedCodes());
        else if (kind === 2) coded(input, output, dynamicCodes(input));
        else throw new Error('compressed data holds an unknown block');
    } while (!last);
    return output.bytes.slice(0, output.size);
}
