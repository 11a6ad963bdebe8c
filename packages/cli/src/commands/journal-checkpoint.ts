import { GovernanceError } from '@preceptor/client'
import type { CheckpointResult } from '@preceptor/core'
import { checkpointsOf } from '../checkpoints-of.ts'
import type { Command } from '../command.ts'
import { PLACE_FLAGS, placeOf } from '../place.ts'
import { plain } from '../table.ts'

/** `preceptor journal checkpoint`: signs the head of every journal in the database, now. */
export const journalCheckpoint: Command = {
  name: 'journal checkpoint',
  words: [],
  summary:
    'Sign the head of every journal and keep it outside the database (PRECEPTOR_CHECKPOINTS); exits 1 when refused',
  flags: PLACE_FLAGS,
  async run(call) {
    const checkpoints = await checkpointsOf(call.host.env)
    if (checkpoints?.key === undefined) {
      throw new GovernanceError('OPTION_INVALID', {
        message: 'PRECEPTOR_CHECKPOINTS and PRECEPTOR_CHECKPOINT_KEY are needed.',
        hint: 'Set them to the file that checkpoints are kept in, and to the file of the key that signs.',
      })
    }
    const { checkpointStoredJournals } = await import('@preceptor/core')
    const results = [...(await checkpointStoredJournals(placeOf(call), checkpoints))]
    const text = results.map(([workspace, result]) => `${workspace}: ${describe(result)}`).join('\n')
    const json = { checkpoints: results.map(([workspace, result]) => ({ workspace, ...result })) }
    await call.print({ text: text === '' ? 'there is no journal yet' : text, json })
    return results.some(([, { outcome }]) => outcome === 'refused' || outcome === 'busy') ? 1 : 0
  },
}

function describe(result: CheckpointResult): string {
  switch (result.outcome) {
    case 'taken': {
      const { number, sequence, hash } = result.checkpoint
      return `checkpoint ${number}, ${sequence} rows, head ${hash}`
    }
    case 'not_due':
      return `nothing new since checkpoint ${result.last?.number ?? 0}`
    case 'busy':
      return 'another process takes one'
    case 'refused': {
      const { sequence, what } = result.problem
      return `REFUSED${sequence === null ? '' : ` at ${sequence}`}: ${plain(what)}`
    }
  }
}
