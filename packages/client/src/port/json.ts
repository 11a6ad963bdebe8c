/** A value that JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** An object that JSON can carry. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}
