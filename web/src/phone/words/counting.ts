// Numbers and lists as a language has them.

/** A text for each plural form a language has; `#` stands for the number. */
export interface Forms {
  one?: string;
  other: string;
}

/** `3 photos`: picks the form that the language wants for the number. */
export function counting(language: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (n, { one, other }) => ((rules.select(n) === 'one' ? one : undefined) ?? other).replace('#', numbers.format(n));
}

/** `a and b`. */
export function listing(language: string): (parts: string[]) => string {
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  return (parts) => list.format(parts);
}
