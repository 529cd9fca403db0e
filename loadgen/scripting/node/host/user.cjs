// A virtual user as its functions see it: the `context` object, which lives as long as the user.
'use strict';

const { Tracked, makeInspectable } = require('./values.cjs');

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function $randomNumber(min, max) {
  return Math.floor(Math.random() * (max - min + 1)) + min;
}

function $randomString(length = 10) {
  let text = '';
  while (text.length < length) text += LETTERS[Math.floor(Math.random() * LETTERS.length)];
  return text;
}

function valueAt(vars, place) {
  let value = vars;
  for (const step of place.match(/[^.[\]'"]+/g) ?? []) value = value?.[step];
  return value;
}

const TEMPLATE = /{{{?\s*([$\w.[\]'"\- ]+?)\s*}?}}/;
const TEMPLATES = new RegExp(TEMPLATE, 'g');
const ONE_TEMPLATE = new RegExp(`^${TEMPLATE.source}$`);

/** Fills in variables; a text that is one template and nothing else keeps the type of the value. */
function render(input, vars) {
  if (Array.isArray(input)) return input.map((element) => render(element, vars));
  if (input?.constructor === Object) {
    return Object.fromEntries(Object.entries(input).map(([name, value]) => [render(name, vars), render(value, vars)]));
  }
  if (typeof input !== 'string') return input;
  const alone = ONE_TEMPLATE.exec(input);
  if (alone) return valueAt(vars, alone[1]);
  return input.replace(TEMPLATES, (_, place) => {
    const value = valueAt(vars, place);
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

class User {
  constructor(shared, scenario) {
    this.variables = new Tracked(shared);
    const context = {
      vars: this.variables.object,
      funcs: { $randomNumber, $randomString, $template: (input) => render(input, context.vars) },
      scenario,
      _uid: undefined,
    };
    this.context = context;
    makeInspectable(context.vars);
  }

  /** Functions may have put another object in the place of context.vars. */
  follow() {
    const vars = this.context.vars;
    this.variables.object = vars !== null && typeof vars === 'object' ? vars : (this.context.vars = {});
  }

  apply(variables) {
    this.follow();
    this.variables.apply(variables);
    if (this.context._uid === undefined) this.context._uid = this.context.vars.$uuid;
  }

  takeChanges() {
    this.follow();
    return this.variables.takeChanges();
  }
}

module.exports = { User, render };
