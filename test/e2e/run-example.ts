import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect } from 'vitest'
import { makePlace, type Place, startProgram } from './demo-process.ts'

/** What a run of an example left. */
export interface ExampleRun {
  /** What it printed with `--json`; each test knows what its own example says. */
  readonly document: ReturnType<typeof JSON.parse>
  /** Where it keeps what it made. */
  readonly folder: string
  /** The story, as it was told on standard error. */
  readonly told: string
}

/** Gives what runs an example in a place of its own, to its end without an error; the places are gone after each test. */
export function useExample(name: string): () => Promise<ExampleRun> {
  const file = fileURLToPath(new URL(`../../examples/dist/${name}/main.js`, import.meta.url))
  const places: Place[] = []
  afterEach(async () => {
    for (const place of places.splice(0)) await place.remove()
  })
  return async () => {
    const place = makePlace()
    places.push(place)
    const program = startProgram(place, { file, args: ['--json'] })
    const code = await program.ended
    expect(code, program.stderr()).toBe(0)
    const folder = join(place.folder, '.preceptor', name)
    return { document: JSON.parse(program.stdout()), folder, told: program.stderr() }
  }
}
