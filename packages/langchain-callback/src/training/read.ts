/** A property of whatever it is; undefined where there is none. */
export const read = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
