import { setTimeout as sleep } from 'node:timers/promises'
import type { Bank } from './bank.ts'
import type { AgentSaid } from './messages.ts'
import type { Terminal, Watching } from './terminal.ts'

/** Who takes part, and where it is told. */
export interface Cast {
  readonly terminal: Terminal
  readonly bank: Bank
  /** Gives the agent a task in a process of its own; gives how the run ended. */
  readonly give: (task: string) => Promise<AgentSaid>
  readonly say: (line: string) => void
}

/** What Sam says to the agent. */
export const GUIDANCE = 'From now on refund 300 cents at most.'
const PATIENCE_MS = 60_000
const LOOK_MS = 600

/** A run that is paused, corrected, resumed and rated. */
export async function playCorrected({ terminal, bank, give, say }: Cast) {
  say('1  The agent is asked to refund three orders, and waits until somebody watches. Sam attaches.')
  const said = give('Refund order A1: 500 cents, order A2: 800 cents, order A3: 900 cents.')
  const check = bank.hold('A2')
  const { session, watching } = await attach(terminal)
  await watching.until(/ log .*order A2/)
  say(
    '2  Sam pauses while the bank still checks order A2: until the tool has reached its checkpoint it says "pausing".',
  )
  const { state: pausing } = await terminal.run('sessions', 'pause', session, '--reason', 'Let me look.')
  await watching.until(/^\S+ {2}pausing /)
  check.release()
  await watching.until(/^\S+ {2}paused /)
  const pausedAt = Date.now()
  await sleep(LOOK_MS)
  say('3  Sam says something to the model, and lets the run go on.')
  await terminal.run('sessions', 'correct', session, '--guidance', GUIDANCE)
  const resumedAt = Date.now()
  await terminal.run('sessions', 'resume', session)
  const exitCode = await watching.ended
  const ended = await said
  say(`   The agent says: ${ended.ended === 'done' ? ended.answer : ended.message}`)
  say('4  Sam rates what was watched.')
  const { rating, ratedBy, state } = await terminal.run('sessions', 'complete', session, '--rating', '4')
  return { session, pausing, pausedAt, resumedAt, ended, exitCode, state, rating, ratedBy }
}

/** A run that is ended. */
export async function playTerminated({ terminal, bank, give, say }: Cast) {
  say('5  The agent is asked for two more. Sam attaches, and ends the run while the first is under way.')
  const said = give('Refund order B1: 700 cents, order B2: 600 cents.')
  const check = bank.hold('B1')
  const { session, watching } = await attach(terminal)
  await watching.until(/ log .*order B1/)
  const { state } = await terminal.run('sessions', 'terminate', session, '--reason', 'These are not ours.')
  const terminatedAt = Date.now()
  const exitCode = await watching.ended
  const ended = await said
  check.release()
  say(`   The agent was ${ended.ended === 'done' ? 'done' : `stopped: ${ended.code}`}`)
  return { session, terminatedAt, ended, exitCode, state }
}

/** Waits until a run wants to be watched, and gives its session. */
export async function findSession(terminal: Terminal): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const { items } = await terminal.run('sessions', 'list', '--state', 'active')
    const [first] = items as readonly { readonly id: string }[]
    if (first !== undefined) return first.id
  }
  throw new Error('No run asked to be watched.')
}

async function attach(terminal: Terminal): Promise<{ readonly session: string; readonly watching: Watching }> {
  const session = await findSession(terminal)
  return { session, watching: terminal.watch(session) }
}
