import { readFile } from 'node:fs/promises'
import { GovernanceError } from '@preceptor/client'
import type { CheckpointOptions } from '@preceptor/core'
import type { CliHost } from './command.ts'

/**
 * The checkpoints of a command: `PRECEPTOR_CHECKPOINTS` names their file, `PRECEPTOR_CHECKPOINT_KEY` the file of the key
 * that signs, and `PRECEPTOR_CHECKPOINT_PUBLIC_KEYS` those of keys to verify with, with commas. Undefined without the first.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export async function checkpointsOf(env: CliHost['env']): Promise<CheckpointOptions | undefined> {
  const { PRECEPTOR_CHECKPOINTS, PRECEPTOR_CHECKPOINT_KEY, PRECEPTOR_CHECKPOINT_PUBLIC_KEYS } = env
  if (!PRECEPTOR_CHECKPOINTS) {
    if (!PRECEPTOR_CHECKPOINT_KEY) return undefined
    throw new GovernanceError('OPTION_INVALID', {
      message: 'PRECEPTOR_CHECKPOINT_KEY is set, but PRECEPTOR_CHECKPOINTS is not.',
      hint: 'Set PRECEPTOR_CHECKPOINTS to the file that checkpoints are kept in.',
    })
  }
  const { createFileCheckpoints } = await import('@preceptor/core')
  const key = PRECEPTOR_CHECKPOINT_KEY
    ? await readKeyFile('PRECEPTOR_CHECKPOINT_KEY', PRECEPTOR_CHECKPOINT_KEY)
    : undefined
  const publicKeys = await readPublicKeys('PRECEPTOR_CHECKPOINT_PUBLIC_KEYS', PRECEPTOR_CHECKPOINT_PUBLIC_KEYS)
  return { store: createFileCheckpoints(PRECEPTOR_CHECKPOINTS), key, publicKeys }
}

/** Reads the files of public keys, named with commas. @throws GovernanceError `OPTION_INVALID` */
export function readPublicKeys(name: string, files = ''): Promise<readonly string[]> {
  const paths = files.split(',').filter((path) => path !== '')
  return Promise.all(paths.map((path) => readKeyFile(name, path)))
}

function readKeyFile(name: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new GovernanceError('OPTION_INVALID', { message: `${name}: ${path} cannot be read (${cause.code}).` })
  })
}
