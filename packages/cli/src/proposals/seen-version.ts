import type { ControlScope, ReviewedVersion } from '@preceptor/client'
import { type CommandCall, type Flag, textOf } from '../command.ts'
import { wholeNumber } from '../commands/paging.ts'

/** The flags by which a script says what it was shown. */
export const SEEN_FLAGS: Readonly<Record<string, Flag>> = {
  'action-hash': { value: '<hash>', summary: 'the hash that was shown; what has changed since is refused' },
  version: { value: '<number>', summary: 'the version that was shown; default the present one' },
}

/** What was shown, as far as the command line says so. @throws GovernanceError `OPTION_INVALID` */
export function statedVersion(call: Pick<CommandCall, 'flags'>): Partial<ReviewedVersion> {
  const [actionHash, version] = [textOf(call, 'action-hash'), textOf(call, 'version')]
  return {
    ...(actionHash === undefined ? {} : { actionHash }),
    ...(version === undefined ? {} : { version: wholeNumber('version', version, { from: 1, to: 2_147_483_647 }) }),
  }
}

/** The version that is decided on: what the command line says was shown, and else the present one. */
export async function seenVersion(
  call: Pick<CommandCall, 'flags'>,
  scope: Pick<ControlScope, 'proposals'>,
  id: string,
): Promise<ReviewedVersion> {
  const stated = statedVersion(call)
  const { version, actionHash } = await scope.proposals.get(id)
  return { version, actionHash, ...stated }
}
