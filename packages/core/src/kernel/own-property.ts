/** Reads an own property, so that a name such as `constructor` finds nothing that was not put there. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
