import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ControlPlane, GovernanceError, type Identity, type Page, type Workspace } from '@preceptor/client'
import { type CommandCall, textOf } from './command.ts'
import type { Connected } from './connected.ts'
import { openGovernor } from './open-governor.ts'
import { placeOf } from './place.ts'

/** Who acts in the database without a credential: it administers, and never stands in for the judgement of a person. */
const OPERATOR = { kind: 'system', id: 'command-line', roles: [] } as const

/**
 * Opens the database of a command line until the command ends, by the same gate as a server. Whoever has a key in
 * PRECEPTOR_TOKEN is who the key says; without one it is the operator, who decides nothing that is for people.
 *
 * @throws GovernanceError `OPTION_INVALID`, `DATABASE_MISSING`, `WORKSPACE_UNKNOWN`, `CREDENTIAL_INVALID`, or the code of a fault.
 */
export async function openDirectly(call: Pick<CommandCall, 'flags' | 'host' | 'atEnd'>): Promise<Connected> {
  if (textOf(call, 'url') !== undefined) throw invalid('Give --url or --direct, not both.')
  const place = placeOf(call)
  const { dataFolder } = place
  if (dataFolder !== undefined && !existsSync(join(dataFolder, 'database'))) {
    throw new GovernanceError('DATABASE_MISSING', {
      message: `There is no database in ${dataFolder}.`,
      hint: 'Name the folder of the database, or set DATABASE_URL.',
    })
  }
  const governor = await openGovernor(call, place, { migrate: false })
  call.atEnd(() => governor.close())
  const { PRECEPTOR_TOKEN: token } = call.host.env
  const identity = token ? await holderOf(call, governor, token) : await operatorOf(call, governor)
  return { governor, identity, scope: governor.as(identity, 'cli') }
}

/** A key is verified by its record, as a server does: who holds the database is nobody by that alone. */
async function holderOf(call: Pick<CommandCall, 'flags'>, governor: ControlPlane, token: string): Promise<Identity> {
  const identity = await governor.authenticate(token)
  const asked = textOf(call, 'in')
  if (asked === undefined || asked === identity.workspace) return identity
  throw invalid(`The key in PRECEPTOR_TOKEN is of workspace ${JSON.stringify(identity.workspace)}.`)
}

async function operatorOf(call: Pick<CommandCall, 'flags'>, governor: ControlPlane): Promise<Identity> {
  const workspace = textOf(call, 'in') ?? 'default'
  const identity: Identity = { workspace, principal: OPERATOR }
  const { workspaces } = governor.as({ workspace: 'default', principal: OPERATOR })
  let cursor: string | null = null
  do {
    const query = { limit: 100, ...(cursor === null ? {} : { cursor }) }
    const page: Page<Workspace> = await workspaces.list(query)
    if (page.items.some(({ id }) => id === workspace)) return identity
    cursor = page.next
  } while (cursor !== null)
  throw new GovernanceError('WORKSPACE_UNKNOWN', {
    message: `There is no workspace ${JSON.stringify(workspace)} in this database.`,
    hint: 'Check its name: "preceptor workspaces list" has all.',
  })
}

function invalid(message: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message })
}
