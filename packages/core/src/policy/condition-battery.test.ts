import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { JsonObject } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// A worker cannot be started from TypeScript on Node 20, so the thread runs the built file.
const CONDITION = new URL('../../dist/policy/condition.js', import.meta.url).href
const BUDGET_MS = 50
const ROUNDS = 15
const END_AFTER_MS = 10_000

const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
import(workerData).then(({ compileCondition, evaluateCondition }) => {
  parentPort.on('message', ({ source, args, rounds, budget }) => {
    const variables = { args, agent: 'a', action: 'b.c', resource: '', source: 'manual', type: '', now: '2026-01-05T00:00:00.000Z' }
    let outcome
    const times = []
    while (times.length < rounds && !(Math.min(...times) < budget)) {
      const start = performance.now()
      try {
        outcome = evaluateCondition(compileCondition(source), variables)
      } catch (error) {
        outcome = error.code ?? String(error)
      }
      times.push(performance.now() - start)
    }
    parentPort.postMessage({ outcome, milliseconds: Math.min(...times) })
  })
  parentPort.postMessage('ready')
})
`

interface Answer {
  readonly outcome: unknown
  /** The first round within the budget, or the quickest: the machine does other things beside it. */
  readonly milliseconds: number
}

let thread: Worker

async function start(): Promise<void> {
  thread = new Worker(THREAD, { eval: true, workerData: CONDITION, execArgv: [] })
  await once(thread, 'message')
}

/** Asks the thread; one that does not answer is ended. */
async function ask(source: string, args: JsonObject): Promise<Answer> {
  const timer = setTimeout(() => void thread.terminate(), END_AFTER_MS)
  thread.postMessage({ source, args, rounds: ROUNDS, budget: BUDGET_MS })
  const over = new AbortController()
  const answered = once(thread, 'message', { signal: over.signal })
  const ended = once(thread, 'exit', { signal: over.signal }).then(() => [undefined])
  const [answer] = await Promise.race([answered, ended])
  over.abort()
  await Promise.allSettled([answered, ended])
  clearTimeout(timer)
  if (answer !== undefined) return answer
  await start()
  return { outcome: 'it was ended', milliseconds: END_AFTER_MS }
}

beforeAll(start)

afterAll(async () => {
  await thread.terminate()
})

const LONG = 'a'.repeat(250_000)
const NUMBERS = Array.from({ length: 120_000 }, (_, index) => index % 10)
const HALF = Array.from({ length: 6_000 }, (_, index) => index)
const KEYS = Object.fromEntries(Array.from({ length: 15_000 }, (_, index) => [`key${index}`, index]))
const MIXED = Array.from({ length: 1_024 }, (_, index) => ((index * 7_919) % 13 < 6 ? 'a' : 'b')).join('')

const CASES: readonly (readonly [name: string, source: string, args: JsonObject, outcome: unknown])[] = [
  ['a pattern that others backtrack on', 'args.t.matches("^(a+)+$")', { t: `${'a'.repeat(1_000)}!` }, false],
  ['alternatives that overlap', 'args.t.matches("^(a|a|aa|b|ab)*c$")', { t: MIXED }, false],
  ['a pattern with many states', 'args.t.matches("[ab]*a[ab]{100}[0-9]$")', { t: MIXED }, false],
  [
    'repetitions of repetitions',
    'args.t.matches("(([ab]{1,10}){1,10}){1,9}[0-9]$")',
    { t: MIXED },
    'CONDITION_INVALID',
  ],
  ['word boundaries', 'args.t.matches("([ab]{0,10}){0,10}\\\\b[0-9]")', { t: MIXED }, false],
  ['large repetitions', `args.t.matches("${'a{1,1000}'.repeat(14)}")`, { t: MIXED }, 'CONDITION_INVALID'],
  ['a text that is too long to match', 'args.t.matches("a")', { t: LONG }, 'CONDITION_FAILED'],
  ['many matches', Array(12).fill('args.t.matches("(a|b){1,30}c$")').join('||'), { t: MIXED }, 'CONDITION_FAILED'],
  ['matches for each item', 'args.n.all(i, args.t.matches("a"))', { n: NUMBERS, t: MIXED }, 'CONDITION_FAILED'],
  ['nested comprehensions', 'args.n.all(i, args.n.all(j, i == j))', { n: NUMBERS }, 'CONDITION_INVALID'],
  ['a long list', 'args.n.all(i, i < 10)', { n: NUMBERS }, 'CONDITION_FAILED'],
  ['a long list within the bound', 'args.n.all(i, i >= 0)', { n: HALF }, true],
  ['a list searched for each item', 'args.n.all(i, i in args.n)', { n: HALF }, 'CONDITION_FAILED'],
  [
    'a list in a list, compared often',
    `args.l.all(i, ${Array(40).fill('i==i').join('&&')})`,
    { l: [HALF, HALF] },
    true,
  ],
  ['lists compared often', Array(30).fill('args.n==args.n').join('&&'), { n: HALF }, 'CONDITION_FAILED'],
  ['everything compared often', Array(40).fill('args==args').join('&&'), { n: HALF, m: KEYS }, 'CONDITION_FAILED'],
  ['a map with many keys', 'args.m.all(k, args.m[k] >= 0)', { m: KEYS }, 'CONDITION_FAILED'],
  ['a long text, read often', Array(20).fill('args.t.contains("ab")').join('||'), { t: LONG }, 'CONDITION_FAILED'],
  ['long texts that are added up', `size(${Array(30).fill('args.t').join('+')}) > 1`, { t: LONG }, 'CONDITION_FAILED'],
  [
    'a long text as a number',
    'int(args.t) > 0 || double(args.t) > 0.0',
    { t: '9'.repeat(250_000) },
    'CONDITION_FAILED',
  ],
  ['a long text as a time', 'timestamp(args.t) < now', { t: '9'.repeat(250_000) }, 'CONDITION_FAILED'],
  ['a long text as a duration', 'duration(args.t) < duration("1s")', { t: '9'.repeat(250_000) }, 'CONDITION_FAILED'],
  ['deep brackets', `${'('.repeat(64)}1${')'.repeat(64)}`, {}, 'CONDITION_FAILED'],
  ['open brackets', '('.repeat(512), {}, 'CONDITION_INVALID'],
  ['as many open brackets as are parsed', `${' '.repeat(400)}${'('.repeat(64)}`, {}, 'CONDITION_INVALID'],
  ['as many open lists as are parsed', '['.repeat(64), {}, 'CONDITION_INVALID'],
  ['as many open maps as are parsed', '{1:'.repeat(64), {}, 'CONDITION_INVALID'],
  ['as many open calls as are parsed', 'args.all(x,'.repeat(46), {}, 'CONDITION_INVALID'],
  ['deep lists', `${'['.repeat(250)}${']'.repeat(250)}`, {}, 'CONDITION_INVALID'],
  ['deep indices', `${'args['.repeat(80)}1${']'.repeat(80)}`, {}, 'CONDITION_INVALID'],
  ['deep maps', `${'{1:'.repeat(120)}1${'}'.repeat(120)}`, {}, 'CONDITION_INVALID'],
  ['many negations', `${'!'.repeat(500)}true`, {}, true],
  ['many signs', `${'-'.repeat(500)}1 == 1`, {}, true],
  ['many choices', `${'true?false:'.repeat(20)}true`, {}, false],
  ['many quotes', '"'.repeat(511), {}, 'CONDITION_INVALID'],
  ['an open text', `"${'\\'.repeat(510)}`, {}, 'CONDITION_INVALID'],
  ['white space', `${' '.repeat(500)}true`, {}, true],
  ['a way to the prototype', 'args.constructor.constructor("return process")() == null', {}, 'CONDITION_INVALID'],
  ['a way to the prototype by index', 'args["__proto__"]["constructor"] == null', {}, 'CONDITION_FAILED'],
  ['a missing field', 'args.missing > 1', {}, 'CONDITION_FAILED'],
]

describe('battery of hostile conditions', () => {
  it.each(CASES)('%s: answered within 50 ms [I-39]', async (_name, source, args, outcome) => {
    // The machine may do something else meanwhile: the best of three is what the condition takes.
    let best = Number.POSITIVE_INFINITY
    for (let turn = 0; turn < 3 && best >= BUDGET_MS; turn += 1) {
      const answer = await ask(source, args)
      expect(answer.outcome).toBe(outcome)
      best = Math.min(best, answer.milliseconds)
    }
    expect(best).toBeLessThan(BUDGET_MS)
  })

  it('tells the time in UTC on a machine whose clocks just leapt', async () => {
    const script = `
      import { compileCondition, evaluateCondition } from ${JSON.stringify(CONDITION)}
      const condition = compileCondition('now.getHours() == 2 && now.getMinutes() == 30 && now.getDate() == 29')
      const rest = { args: {}, agent: '', action: '', resource: '', source: '', type: '' }
      process.stdout.write(String(evaluateCondition(condition, { ...rest, now: '2026-03-29T02:30:00.000Z' })))
    `
    const options = { env: { TZ: 'Europe/Berlin' } }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options)
    expect(stdout).toBe('true')
  })
})
