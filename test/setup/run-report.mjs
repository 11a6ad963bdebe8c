// What a run of the tests came to, and what it comes to once failed files ran again by themselves.
import { readFileSync } from 'node:fs'

/** More failed files than this are no accident: none of them runs again. */
const MOST_AGAIN = 5

/** Reads the report that vitest wrote: for each file its name, status, and tests. */
export function readReport(file) {
  return JSON.parse(readFileSync(file, 'utf8')).testResults.map(({ name, status, assertionResults }) => ({
    name,
    status,
    tests: assertionResults.map(({ fullName, status: outcome }) => ({ fullName, status: outcome })),
  }))
}

const hasFailed = ({ status, tests }) => status === 'failed' || tests.some((test) => test.status === 'failed')

/** The files to be run again by themselves: those that failed, while they are few. */
export function filesToRunAgain(files) {
  const failed = files.filter(hasFailed).map(({ name }) => name)
  return failed.length > MOST_AGAIN ? [] : failed
}

/** A report in which the files that ran again stand as they came out the second time. */
export function withSecondRun(files, again) {
  const second = new Map(again.map((file) => [file.name, file]))
  return files.map((file) => second.get(file.name) ?? file)
}

/** Names of what failed: tests, and files that failed outside of theirs. */
export function failuresOf(files) {
  return files.filter(hasFailed).flatMap(({ name, tests }) => {
    const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
    return failed.length === 0 ? [name] : failed
  })
}

/** Counts of a report; a file that failed outside its tests counts as one failure. */
export function countsOf(files) {
  const tests = files.flatMap((file) => file.tests)
  const count = (status) => tests.filter((test) => test.status === status).length
  return {
    passed: count('passed'),
    failed: failuresOf(files).length,
    skipped: tests.length - count('passed') - count('failed'),
  }
}
