import { setTimeout as pause } from 'node:timers/promises';
await pause(1);
export async function named(context) {
  context.vars.from = 'an .mjs file';
}
export default {
  inDefault(context) {
    context.vars.from = 'the default export';
  },
};
