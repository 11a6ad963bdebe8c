import { describe, expect, it } from 'vitest'
import { parseJobs } from './parse-plugins.ts'
import type { PluginJob } from './plugin.ts'

const job = (more: Partial<PluginJob> = {}): PluginJob => ({
  find: async () => [],
  run: async () => undefined,
  ...more,
})

describe('the jobs of a plugin', () => {
  it.each([
    ['short ones', { one: job(), two: job({ isElsewhere: false }) }],
    ['long ones beside short ones', { one: job({ isLong: true }), two: job() }],
    ['long ones that are elsewhere', { one: job({ isLong: true, isElsewhere: true }), two: job() }],
  ])('may be %s [PLUG-1]', (_, jobs) => {
    expect(() => parseJobs('slow', jobs)).not.toThrow()
  })

  it.each([
    ['one elsewhere that is not long', { one: job({ isElsewhere: true }) }, '"slow-one"'],
    [
      'long ones of which some are elsewhere',
      { one: job({ isLong: true }), two: job({ isLong: true, isElsewhere: true }) },
      '"slow-two"',
    ],
  ])('are refused: %s [PLUG-1]', (_, jobs, message) => {
    const refusal = { code: 'OPTION_INVALID', message: expect.stringContaining(message) }
    expect(() => parseJobs('slow', jobs)).toThrow(expect.objectContaining(refusal))
  })
})
