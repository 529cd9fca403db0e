import { greet } from 'greeting-words';
export function plain(context) {
  context.vars.from = 'a module by type';
}
export const asyncArrow = async (context) => {
  context.vars.greeting = greet('you');
};
