import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { countsOf, failuresOf, filesToRunAgain, readReport, withSecondRun } from './run-report.mjs'

interface ReportedFile {
  readonly name: string
  readonly status: string
  readonly tests: readonly { readonly fullName: string; readonly status: string }[]
}

const folder = mkdtempSync(join(tmpdir(), 'preceptor-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, ...outcomes: string[]): ReportedFile => ({
  name,
  status: outcomes.includes('failed') ? 'failed' : 'passed',
  tests: outcomes.map((status, index) => ({ fullName: `${name} ${index}`, status })),
})
const broken: ReportedFile = { name: 'broken', status: 'failed', tests: [] }
const failing = (count: number): ReportedFile[] => Array.from({ length: count }, (_, n) => file(`f${n}`, 'failed'))

describe('the report of a run', () => {
  it('is read as vitest writes it', () => {
    const path = join(folder, 'report.json')
    const assertionResults = [{ fullName: 'a 0', status: 'passed', duration: 3 }]
    writeFileSync(
      path,
      JSON.stringify({ testResults: [{ name: 'a', status: 'passed', assertionResults, message: '' }] }),
    )
    expect(readReport(path)).toEqual([file('a', 'passed')])
  })

  it('counts a file that failed outside its tests as one failure', () => {
    const files = [file('a', 'passed', 'failed', 'skipped'), broken]
    expect(countsOf(files)).toEqual({ passed: 1, failed: 2, skipped: 1 })
    expect(failuresOf(files)).toEqual(['a 1', 'broken'])
  })

  it('has few failed files run again, and none of many', () => {
    expect(filesToRunAgain([file('a', 'passed'), broken, file('b', 'passed', 'failed')])).toEqual(['broken', 'b'])
    expect(filesToRunAgain(failing(5))).toHaveLength(5)
    expect(filesToRunAgain(failing(6))).toEqual([])
  })

  it('keeps what failed twice, and what did not run the second time, as failed', () => {
    const files = [file('a', 'failed', 'passed'), file('b', 'failed'), file('c', 'failed')]
    const merged = withSecondRun(files, [file('a', 'passed', 'passed'), file('b', 'failed')])
    expect(failuresOf(merged)).toEqual(['b 0', 'c 0'])
    expect(countsOf(merged)).toEqual({ passed: 2, failed: 2, skipped: 0 })
  })
})
