// A mutant is done with at the first test that notices it: the files that found the last one come first, then those that
// take the least time.
import { relative } from 'node:path'
import { BaseSequencer } from 'vitest/node'

/** Milliseconds of the first run of each file; one that a failure ended says nothing about how long it takes. */
const durations = new Map()

export class QuickestFirst extends BaseSequencer {
  async sort(files) {
    const known = files.map((file) => ({ file, ...this.#resultOf(file) }))
    return known
      .sort((left, right) => Number(right.failed) - Number(left.failed) || left.duration - right.duration)
      .map(({ file }) => file)
  }

  #resultOf({ project, moduleId }) {
    const key = `${project.name}:${relative(this.ctx.config.root, moduleId)}`
    const { duration = 0, failed = false } = this.ctx.cache.getFileTestResults(key) ?? {}
    if (duration > 0 && !durations.has(key)) durations.set(key, duration)
    return { failed, duration: durations.get(key) ?? 0 }
  }
}
