/**
 * A port whose methods answer at once.
 *
 * The simulator's fakes have this shape: its scheduler decides when, and whether, an answer arrives.
 *
 * @typeParam P - the port, whose methods return promises
 */
export type Immediate<P> = {
  readonly [M in keyof P]: P[M] extends (...input: infer A) => infer R ? (...input: A) => Awaited<R> : P[M];
};
