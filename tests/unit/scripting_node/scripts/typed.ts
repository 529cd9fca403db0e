export function f(context: unknown) {}
