import type { EmbeddedGovernor } from '@preceptor/core'
import { channelsOf, openChannels } from '../channels-of.ts'
import type { Command, CommandCall } from '../command.ts'
import { ADMINISTRATOR, issueKey } from '../kept-user.ts'
import { LOG_FLAG, REQUEST_LOG_FLAG, withLog } from '../log.ts'
import { METRICS_FLAG, withMetrics } from '../metrics-address.ts'
import { openGovernor } from '../open-governor.ts'
import { describePlace, PLACE_FLAGS, placeOf } from '../place.ts'
import { DASHBOARD, LISTEN_FLAGS, listenPlaceOf, serveGovernor } from '../serve-governor.ts'
import { MCP } from '../serve-mcp.ts'

/** `preceptor serve`: the control plane and a worker, until it is told to stop. */
export const serve: Command = {
  name: 'serve',
  words: [],
  summary: 'Serve the control plane, with a worker, until SIGINT or SIGTERM',
  flags: {
    ...PLACE_FLAGS,
    ...LISTEN_FLAGS,
    ...METRICS_FLAG,
    ...LOG_FLAG,
    ...REQUEST_LOG_FLAG,
    'new-key': { summary: 'make an administrator key and revoke those before' },
  },
  endsItself: true,
  async run(given) {
    const call = withLog(given)
    const place = listenPlaceOf(call)
    const channels = await openChannels(channelsOf(call.host.env))
    const governor = await openGovernor(call, placeOf(call), { channels })
    try {
      const onReady = (address: string) => announce(call, governor, address)
      await withMetrics(call, governor, () => serveGovernor(call, { governor, place, onReady }))
    } finally {
      await governor.close()
    }
    return 0
  },
}

async function announce(call: CommandCall, governor: EmbeddedGovernor, address: string): Promise<undefined> {
  const place = placeOf(call)
  const isEmbedded = place.database === undefined
  if (isEmbedded) call.host.note('the embedded database is for development: a power loss may lose data')
  const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'cli', roles: [] } })
  // The output of a server is mostly kept, so that a key is put there only on request.
  const created = await issueKey(system, ADMINISTRATOR, { first: isEmbedded, renew: call.flags['new-key'] === true })
  const key = created === undefined ? [] : [`Administrator key  ${created.secret}  (shown this once)`]
  const lines = [
    `Dashboard          ${address}${DASHBOARD}`,
    `API                ${address}/api`,
    ...(call.flags['no-mcp'] === true ? [] : [`MCP                ${address}${MCP}`]),
    `Database           ${describePlace(place)}`,
    ...key,
  ]
  const json = { address, administratorKey: created?.secret ?? null }
  await call.print({ text: lines.join('\n'), json })
  if (created === undefined) call.host.note('no administrator key was made; --new-key makes one')
}
