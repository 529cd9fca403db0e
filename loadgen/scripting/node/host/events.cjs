// What functions know as `events` or `ee`: metrics by emit, and an ordinary emitter otherwise.
'use strict';

const EventEmitter = require('node:events');

const METRIC = { counter: 0, histogram: 1, rate: 2, error: 3 };

class Events extends EventEmitter {
  /** `record(kind, name, value)` receives the metrics. */
  constructor(record) {
    super();
    this.record = record;
    this.warned = new Set();
  }

  emit(event, ...parameters) {
    const [first, value] = parameters;
    if (event === 'counter') this.add(METRIC.counter, first, value === undefined ? 1 : value);
    else if (event === 'histogram' || event === 'summary') this.add(METRIC.histogram, first, value);
    else if (event === 'customStat') this.add(METRIC.histogram, first?.stat, first?.value);
    else if (event === 'rate') this.add(METRIC.rate, first, 1);
    else if (event === 'error') this.add(METRIC.error, first instanceof Error ? first.code || first.message : first, 1);
    // Node's emitter throws errors that nobody listens for; Artillery's does not.
    return event !== 'error' || this.listenerCount('error') > 0 ? super.emit(event, ...parameters) : true;
  }

  add(kind, name, value) {
    const number = Number(value);
    if (Number.isFinite(number)) return this.record(kind, String(name).slice(0, 1000), number);
    if (this.warned.has(name) || this.warned.size > 100) return undefined;
    this.warned.add(name);
    console.error(`metric "${name}" got ${String(value)}, which is not a number; it is not counted`);
    return undefined;
  }
}

module.exports = { Events, METRIC };
