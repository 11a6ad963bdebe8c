import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ControlScope, Proposal } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import type { FailpointName } from './failpoints.ts'
import { BUILT, parse } from './processes.ts'

/** What the process on an embedded database is started with. */
export interface EmbeddedOptions {
  readonly dataFolder: string
  /** Folder of the Oracle and of what people were told. */
  readonly folder: string
  /** Where it dies. */
  readonly failpoint: FailpointName
  /** How often the place is passed before. */
  readonly skip: number
  /** Number of its first attempt. */
  readonly from: number
}

/** One real effect. */
export interface EmbeddedEffect {
  readonly proposal: string
  readonly decision: string
  readonly nonce: string
}

/** What a person was told of an approval. */
export interface EmbeddedAnswer {
  readonly proposal: string
  readonly state: string
}

/** What the kills came to. */
export interface EmbeddedResult {
  readonly kills: number
  readonly effects: number
  /** How many proposals ended in each state. */
  readonly proposals: Readonly<Record<string, number>>
  readonly violations: readonly string[]
}

/** The places that an approval passes in a process on an embedded database. */
export const EMBEDDED_FAILPOINTS: readonly FailpointName[] = [
  'approve.before_commit',
  'approve.after_commit',
  'claim.before_commit',
  'claim.after_commit',
  'tool.after_send',
  'tool.after_response',
  'record.before_commit',
  'record.after_commit',
  'decide.before_commit',
  'decide.after_commit',
]

const NUMBERS_APART = 6
// Something gets done before each kill.
const SKIPPED = 4
const LATER_MS = 6 * 3_600_000

/** Kills the process at one place after another, on one data folder, and joins Oracle and record afterwards. */
export async function killEmbedded(failpoints: readonly FailpointName[]): Promise<EmbeddedResult> {
  const root = mkdtempSync(join(tmpdir(), 'preceptor-embedded-'))
  const folder = join(root, 'told')
  mkdirSync(folder)
  const dataFolder = join(root, 'data')
  let kills = 0
  try {
    for (const [index, failpoint] of failpoints.entries()) {
      const from = index * NUMBERS_APART
      if (await dies({ dataFolder, folder, failpoint, skip: SKIPPED + (index % 3), from })) kills += 1
    }
    return { kills, ...(await check(dataFolder, folder)) }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function dies(options: EmbeddedOptions): Promise<boolean> {
  const main = join(BUILT, 'child', 'embedded.js')
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const
  const child: ChildProcess = fork(main, [JSON.stringify(options)], { execArgv: [], stdio: [...stdio] })
  const [code, signal] = await once(child, 'exit')
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The process at ${options.failpoint} ended with ${code}.`)
  return signal === 'SIGKILL'
}

async function check(dataFolder: string, folder: string): Promise<Omit<EmbeddedResult, 'kills'>> {
  // Late enough for every lease and every proposal to be over.
  const clock = { now: () => Date.now() + LATER_MS, monotonic: () => performance.now() }
  const governor = await createGovernor({ dataFolder, clock, report: () => undefined })
  try {
    for (const job of ['settle-lost-executions', 'expire-proposals', 'seal-journal']) await governor.jobs.run(job, {})
    const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
    const effects = readLines<EmbeddedEffect>(join(folder, 'oracle.jsonl'))
    const answers = readLines<EmbeddedAnswer>(join(folder, 'answers.jsonl'))
    const proposals = await listProposals(admin)
    const violations = proposals.flatMap((proposal) => problemsOf(proposal, { effects, answers }))
    for (const effect of effects) violations.push(...(await problemsOfEffect(admin, effect)))
    if (!(await admin.journal.verify()).ok) violations.push('The journal does not verify.')
    return { effects: effects.length, proposals: countStates(proposals), violations }
  } finally {
    await governor.close()
  }
}

function problemsOf(
  { id, state }: Proposal,
  told: { readonly effects: readonly EmbeddedEffect[]; readonly answers: readonly EmbeddedAnswer[] },
): readonly string[] {
  const had = told.effects.filter(({ proposal }) => proposal === id).length
  const wasApproved = told.answers.some((answer) => answer.proposal === id && answer.state === 'approved')
  const problems: string[] = []
  if (had > 1) problems.push(`${id} was approved once and ran ${had} times.`)
  if (state === 'succeeded' && had !== 1) problems.push(`${id} succeeded with ${had} effects.`)
  if (['pending', 'approved', 'executing'].includes(state)) problems.push(`${id} stays ${state}.`)
  if (wasApproved && ['rejected', 'responded', 'cancelled'].includes(state)) problems.push(`${id} became ${state}.`)
  return problems
}

async function problemsOfEffect(admin: ControlScope, effect: EmbeddedEffect): Promise<readonly string[]> {
  const { items } = await admin.journal.list({ subject: effect.proposal, limit: 100 })
  const rows = [...items].reverse()
  const claimed = rows.findIndex(({ kind, body }) => kind === 'permit.redeemed' && body.decisionId === effect.decision)
  const approved = rows.findIndex(({ kind }) => kind === 'proposal.approved')
  const isFine = approved >= 0 && claimed > approved
  return isFine ? [] : [`The effect ${effect.nonce} of ${effect.proposal} was not approved before it.`]
}

async function listProposals({ proposals }: ControlScope): Promise<readonly Proposal[]> {
  const all: Proposal[] = []
  let cursor: string | null | undefined
  do {
    const page = await proposals.list({ limit: 100, ...(cursor ? { cursor } : {}) })
    all.push(...page.items)
    cursor = page.next
  } while (cursor)
  return all
}

function countStates(proposals: readonly Proposal[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { state } of proposals) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

/** These files are this run's own, so their shape is trusted; the last line may have been cut off by a kill. */
function readLines<Line>(path: string): readonly Line[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').map(parse)
  return lines.filter((line) => line !== undefined) as unknown as readonly Line[]
}
