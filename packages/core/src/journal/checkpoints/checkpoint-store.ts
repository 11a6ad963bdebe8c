/** A line at its place. */
export interface CheckpointLine {
  /** Its place, from 1 on, without gaps. */
  readonly number: number
  /** One line of JSON, at most 1,000 characters. */
  readonly line: string
}

/**
 * Where checkpoints of the journal are kept: outside the database, best where nobody can overwrite what was written. Each
 * database has one of its own.
 */
export interface CheckpointStore {
  /** The lines after a place, in their order. */
  read(after: number): AsyncIterable<string>
  /**
   * Adds a line, and resolves when it is durable. It throws where that place is taken, and where the one before is not;
   * a store of objects writes `number` as the name of an object that must not exist (`If-None-Match: *`).
   */
  append(line: CheckpointLine): Promise<void>
}
