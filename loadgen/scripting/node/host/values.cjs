// Values on their way between the engine, which has JSON, and functions, which have JavaScript.
//
// Members of an object travel as [plain, objects, odd]: name and value in turn, name and JSON text in turn, and
// triples of name, oddity and data for what JSON cannot say.
'use strict';

const util = require('node:util');

const ODD = { undefined: 0, nan: 1, infinity: 2, minusInfinity: 3, bytes: 4 };
// Objects with a longer text are parsed, and later compared, only when somebody has looked at them.
const LAZY_CHARACTERS = 512;
// What readers of JSON on the other side take; an object this deep is nothing that a template could use.
const MAX_DEPTH = 500;

/** What the engine knows of an object: its JSON text. `get` is the getter of one that nobody has looked at. */
class Content {
  constructor(text) {
    this.text = text;
    this.get = undefined;
  }
}

const nameTexts = new Map();

/** JSON.stringify of a name; the same few come again and again. */
function nameText(name) {
  let text = nameTexts.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    if (nameTexts.size < 10000) nameTexts.set(name, text);
  }
  return text;
}

function depthOf(json) {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < json.length; ++i) {
    const c = json.charCodeAt(i);
    if (quoted) {
      if (c === 92) ++i;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 123 || c === 91) deepest = Math.max(deepest, ++depth);
    else if (c === 125 || c === 93) --depth;
  }
  return deepest;
}

function bigintValue(value) {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON text of an object; undefined when it has none (circular, a toJSON that throws, endlessly deep). */
function objectText(object) {
  let text;
  try {
    text = JSON.stringify(object);
  } catch {
    try {
      text = JSON.stringify(object, (_, value) => (typeof value === 'bigint' ? bigintValue(value) : value));
    } catch {
      return undefined;
    }
  }
  return text !== undefined && text.length > MAX_DEPTH && depthOf(text) > MAX_DEPTH ? undefined : text;
}

/** Members that changed, as the text of a message's field: [[name, value, ...], [name, oddity, data, ...]]. */
class Changes {
  constructor() {
    this.plain = '';
    this.odd = '';
  }

  isEmpty() {
    return this.plain === '' && this.odd === '';
  }

  text() {
    return this.isEmpty() ? '0' : `[[${this.plain}],[${this.odd}]]`;
  }

  addPlain(name, json) {
    this.plain += (this.plain === '' ? '' : ',') + nameText(name) + ',' + json;
  }

  addOdd(name, oddity, data) {
    this.odd += (this.odd === '' ? '' : ',') + nameText(name) + ',' + oddity + ',' + (data === undefined ? '0' : JSON.stringify(data));
  }

  addNumber(name, value) {
    if (Number.isFinite(value)) this.addPlain(name, String(value));
    else this.addOdd(name, Number.isNaN(value) ? ODD.nan : value > 0 ? ODD.infinity : ODD.minusInfinity);
  }
}

/** An object of which both sides know the members: the variables of a user, the parameters of a request. */
class Tracked {
  /** `shared`: members that it begins with, known to the other side, and compared by identity only. */
  constructor(shared) {
    this.known = new Map(shared);
    this.object = {};
    for (const [name, value] of this.known) this.object[name] = value;
  }

  /** Takes over what the engine sent. */
  apply([plain, objects, odd]) {
    for (let i = 0; i < plain.length; i += 2) this.set(plain[i], plain[i + 1], plain[i + 1]);
    for (let i = 0; i < objects.length; i += 2) this.setObject(objects[i], new Content(objects[i + 1]));
    for (let i = 0; i < odd.length; i += 3) this.setOdd(odd[i], odd[i + 1]);
  }

  set(name, value, known) {
    if (name === '__proto__') return;
    this.object[name] = value;
    this.known.set(name, known);
  }

  setObject(name, content) {
    if (content.text.length < LAZY_CHARACTERS) return this.set(name, JSON.parse(content.text), content);
    const settle = (object, value) => {
      content.get = undefined;
      Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      return value;
    };
    content.get = function () {
      return settle(this, JSON.parse(content.text));
    };
    Object.defineProperty(this.object, name, {
      get: content.get,
      set(value) {
        settle(this, value);
      },
      enumerable: true,
      configurable: true,
    });
    this.known.set(name, content);
  }

  setOdd(name, oddity) {
    if (oddity === ODD.undefined) {
      delete this.object[name];
      this.known.delete(name);
    } else {
      const value = oddity === ODD.nan ? NaN : oddity === ODD.infinity ? Infinity : -Infinity;
      this.set(name, value, value);
    }
  }

  /** What differs from what the engine knows, which it knows from then on. */
  takeChanges() {
    const changes = new Changes();
    const names = Object.keys(this.object);
    let met = 0;
    for (let i = 0; i < names.length; ++i) {
      const name = names[i];
      const before = this.known.get(name);
      if (before !== undefined || this.known.has(name)) ++met;
      if (before instanceof Content && before.get !== undefined && this.isUnseen(name, before)) continue;
      const value = this.object[name];
      if (value !== before) this.compare(changes, name, value, before);
    }
    if (met < this.known.size) this.findDeleted(changes);
    return changes;
  }

  isUnseen(name, content) {
    return Object.getOwnPropertyDescriptor(this.object, name).get === content.get;
  }

  compare(changes, name, value, before) {
    switch (typeof value) {
      case 'string':
        changes.addPlain(name, JSON.stringify(value));
        break;
      case 'number':
        if (Number.isNaN(value) && Number.isNaN(before)) return;
        changes.addNumber(name, value);
        break;
      case 'boolean':
        changes.addPlain(name, String(value));
        break;
      case 'bigint':
        changes.addPlain(name, JSON.stringify(bigintValue(value)));
        break;
      case 'object':
        return value === null ? this.tell(changes, name, 'null', null) : this.compareObject(changes, name, value, before);
      default: // undefined; and functions and symbols, which stay on this side
        if (before !== undefined && typeof before !== 'function' && typeof before !== 'symbol') changes.addOdd(name, ODD.undefined);
    }
    this.known.set(name, value);
  }

  tell(changes, name, json, known) {
    changes.addPlain(name, json);
    this.known.set(name, known);
  }

  compareObject(changes, name, value, before) {
    const bytes = value instanceof Uint8Array;
    const text = bytes ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') : objectText(value);
    if (before instanceof Content && before.text === text) return;
    if (bytes) changes.addOdd(name, ODD.bytes, text);
    else if (text !== undefined) changes.addPlain(name, text);
    else if (before !== undefined) changes.addOdd(name, ODD.undefined);
    this.known.set(name, new Content(text));
  }

  findDeleted(changes) {
    for (const [name, before] of this.known) {
      if (Object.hasOwn(this.object, name)) continue;
      this.known.delete(name);
      if (before !== undefined) changes.addOdd(name, ODD.undefined);
    }
  }
}

/** Shows the values instead of the getters behind which they wait. */
function makeInspectable(object) {
  Object.defineProperty(object, util.inspect.custom, {
    value() {
      return { ...this };
    },
    enumerable: false,
  });
}

module.exports = { Tracked, Content, ODD, nameText, makeInspectable };
