import { GovernanceError, type PlaybookTest, type PlaybookVersion } from '@preceptor/client'
import { z } from 'zod'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { getVersion } from './get-version.ts'
import { holdPlaybook } from './playbook-store.ts'
import { hasVersion, insertTest } from './version-store.ts'
import type { PlaybookContext } from './write-version.ts'

/** A test as it was run; what follows from it is computed. */
export type RanTest = Omit<PlaybookTest, 'improvement' | 'testedAt'>

const points = z.number().min(-100).max(100)
const ran = z
  .strictObject({
    against: z.int().min(1).nullable(),
    cases: z.int().min(1),
    before: z.number().min(0).max(100),
    after: z.number().min(0).max(100),
    p: z.number().min(0).max(1),
    interval: z.tuple([points, points]),
    method: z.string().min(1).max(64),
  })
  .refine(({ interval: [low, high] }) => low <= high, { path: ['interval'], message: 'the low end comes first' })

/**
 * Records how a version did on held-out cases, once, in the transaction of the caller, with its journal row. It is for
 * what ran the test in this process: nobody types a test in.
 *
 * @throws GovernanceError `CONFLICT` when the version has a test, `NOT_FOUND`, `INPUT_INVALID`.
 */
export async function recordPlaybookTest(
  context: PlaybookContext,
  tx: Tx,
  request: { readonly by: string; readonly playbook: string; readonly version: number; readonly test: RanTest },
): Promise<PlaybookVersion> {
  const { by, playbook: id, version } = request
  const { against, cases, before, after, p, interval, method } = parseInput(ran, request.test, 'test')
  const playbook = await holdPlaybook(tx, { id })
  if (playbook === undefined || !(await hasVersion(tx, id, version))) {
    throw recordNotFound('version of a playbook', `${id} ${version}`)
  }
  if (against !== null && (against === version || !(await hasVersion(tx, id, against)))) {
    throw new GovernanceError('INPUT_INVALID', { message: `test.against: ${against} is no other version of it.` })
  }
  const testedAt = isoTime(context.clock.now())
  const test = { against, cases, before, after, improvement: rounded(after - before), p, interval, method, testedAt }
  if (!(await insertTest(tx, { playbook: id, version }, test))) {
    throw new GovernanceError('CONFLICT', { message: `Version ${version} of the playbook ${id} was tested before.` })
  }
  const { agentType } = playbook
  await context.journal.append(tx, {
    kind: 'playbook.tested',
    subject: id,
    body: { actor: by, agentType, version, against, cases, before, after, improvement: test.improvement, p, method },
  })
  return getVersion(tx, id, version)
}

/** A difference of two decimals, without what binary fractions add to it. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
