import { open } from 'node:fs/promises'
import { GovernanceError, type JournalVerification } from '@preceptor/client'
import type { CheckpointOptions } from '@preceptor/core'
import { checkpointsOf, readPublicKeys } from '../checkpoints-of.ts'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { describeVerification } from './describe-verification.ts'

/** `preceptor journal verify`: the server computes the chain again, or this command does so from an export. */
export const journalVerify: Command = {
  name: 'journal verify',
  words: [],
  summary:
    'Compute the chain of the journal again and compare, on the server or from an export; exits 1 when it does not verify',
  flags: {
    ...CONNECTION_FLAGS,
    file: { value: '<file>', summary: 'verify this export (jsonl), without a server' },
    checkpoints: { value: '<file>', summary: 'with --file: compare with these; default PRECEPTOR_CHECKPOINTS' },
    'public-key': { value: '<file>', summary: 'with --checkpoints: the keys that signed them, with commas' },
  },
  async run(call) {
    const file = textOf(call, 'file')
    if (file !== undefined) {
      const { workspace, ...found } = await verifyFile(call, file)
      return printVerification(call, workspace, found)
    }
    if (textOf(call, 'checkpoints') !== undefined || textOf(call, 'public-key') !== undefined) {
      throw new GovernanceError('OPTION_INVALID', {
        message: 'Options --checkpoints and --public-key need --file: a server compares with its own checkpoints.',
      })
    }
    const { scope } = await connect(call)
    return printVerification(call, scope.workspace, await scope.journal.verify())
  },
}

/** Prints what a verification found; gives the exit code. */
export async function printVerification(
  call: CommandCall,
  workspace: string,
  found: JournalVerification,
): Promise<ExitCode> {
  const text = describeVerification(workspace, found)
  await call.print({ text, json: found.ok ? found : { ...found, code: 'JOURNAL_BROKEN' } })
  return found.ok ? 0 : 1
}

async function verifyFile(call: CommandCall, path: string) {
  const checkpoints = await checkpointsOfFile(call)
  const { verifyExportedJournal } = await import('@preceptor/core')
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new GovernanceError('OPTION_INVALID', { message: `Option --file: ${path} cannot be read (${cause.code}).` })
  })
  try {
    return await verifyExportedJournal(file.createReadStream({ encoding: 'utf8', autoClose: false }), { checkpoints })
  } finally {
    await file.close()
  }
}

async function checkpointsOfFile(call: CommandCall): Promise<CheckpointOptions | undefined> {
  const path = textOf(call, 'checkpoints')
  if (path === undefined) return checkpointsOf(call.host.env)
  const { createFileCheckpoints } = await import('@preceptor/core')
  const publicKeys = await readPublicKeys('Option --public-key', textOf(call, 'public-key'))
  return { store: createFileCheckpoints(path), publicKeys }
}
