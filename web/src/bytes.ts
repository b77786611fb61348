/** `12 MB`, `3.4 GB`: in powers of ten, as phones count. */
export function bytes(count: number): string {
  const [size, unit] = count >= 1e9 ? [count / 1e9, 'GB'] : [count / 1e6, 'MB'];
  return `${size >= 10 || unit === 'MB' ? Math.round(size) : size.toFixed(1)} ${unit}`;
}
