/** Prints a figure as `cargo xtask bench` reads it: less is better. */
export function print(name: string, value: number, unit: string, limit: number): void {
  console.log(JSON.stringify({ name, value, unit, limit, better: 'lower' }));
}

/** Prints the median of several runs, and beside it all of them. */
export function printMedian(name: string, values: number[], unit: string, limit: number): void {
  const sorted = values.map(Math.round).sort((a, b) => a - b);
  console.log(`${name}: ${sorted.join(', ')}`);
  print(name, sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, unit, limit);
}
