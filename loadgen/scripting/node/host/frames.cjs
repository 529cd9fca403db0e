// Frames on the socket to the engine: four bytes of length, little-endian, then JSON: an array of messages.
'use strict';

const HEADER_BYTES = 4;
// From here on a batch goes out as a frame of its own.
const FULL_FRAME_CHARACTERS = 1 << 20;
const FULL_FRAME_MESSAGES = 128;

/** Cuts what arrives into the texts of frames. */
class FrameReader {
  constructor(maxBytes) {
    this.maxBytes = maxBytes;
    this.chunks = [];
    this.size = 0;
    this.wanted = HEADER_BYTES;
  }

  /** Calls use(text) for each frame that is complete now. */
  push(chunk, use) {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size < this.wanted) return;
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.size);
    let at = 0;
    this.wanted = HEADER_BYTES;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUInt32LE(at);
      if (length > this.maxBytes) throw new RangeError(`a frame of ${length} bytes; at most ${this.maxBytes} are allowed`);
      if (bytes.length - at < HEADER_BYTES + length) {
        this.wanted = HEADER_BYTES + length;
        break;
      }
      use(bytes.utf8Slice(at + HEADER_BYTES, at + HEADER_BYTES + length));
      at += HEADER_BYTES + length;
    }
    this.chunks = at === bytes.length ? [] : [bytes.subarray(at)];
    this.size = bytes.length - at;
  }
}

/**
 * What JSON.stringify writes and strict readers refuse: escapes of lone surrogates, which have no UTF-8 form, and
 * integers beyond 64 bits, which become numbers with an exponent.
 */
function strictJson(json) {
  let strict = json;
  if (strict.includes('\\ud')) {
    strict = strict.replace(/\\(?:u[0-9a-f]{4}|.)/g, (escape) => (/^\\ud[89a-f]/.test(escape) ? '\ufffd' : escape));
  }
  if (/\d{19}/.test(strict)) {
    strict = strict.replace(/"(?:\\.|[^"\\])*"|\d{19,}(?![\d.e])/g, (part) => (part[0] === '"' ? part : `${part}e0`));
  }
  return strict;
}

function frameOf(messages) {
  const text = strictJson(`[${messages.join(',')}]`);
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32LE(length, 0);
  frame.utf8Write(text, HEADER_BYTES, length);
  return frame;
}

/** Gathers messages (JSON texts) and writes them when the turn of the event loop is over. */
class FrameWriter {
  constructor(write) {
    this.write = write;
    this.messages = [];
    this.characters = 0;
    this.scheduled = false;
  }

  push(message) {
    if (this.characters + message.length > FULL_FRAME_CHARACTERS) this.flush();
    this.messages.push(message);
    this.characters += message.length;
    // Not all at the end: functions that compute for long would look as if they hung.
    if (this.messages.length >= FULL_FRAME_MESSAGES) this.flush();
    if (this.scheduled) return;
    this.scheduled = true;
    // Not a microtask: promises that settle in this turn are to travel together.
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  flush() {
    if (this.messages.length === 0) return;
    const frame = frameOf(this.messages);
    this.messages = [];
    this.characters = 0;
    this.write(frame);
  }
}

module.exports = { FrameReader, FrameWriter, frameOf, strictJson };
