import type { StoredStep } from './step.ts'

/** The idempotency key of the next try of a step: the same for whoever makes it, and another one for each try. */
export function keyOfTry({ id, attempts }: Pick<StoredStep, 'id' | 'attempts'>): string {
  return `${id}.${attempts + 1}`
}
