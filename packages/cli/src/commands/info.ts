import { arch, platform, release } from 'node:os'
import type { Command, CommandCall } from '../command.ts'
import { connectToServer, SERVER_FLAGS } from '../connect.ts'
import { ownVersion } from '../own-version.ts'
import { listing } from '../table.ts'

/** Only whether they are set: their values name servers and hold keys. */
const VARIABLES = [
  'DATABASE_URL',
  'REDIS_URL',
  'PRECEPTOR_URL',
  'PRECEPTOR_TOKEN',
  'PRECEPTOR_PUBLIC_URL',
  'PRECEPTOR_OUTBOUND_ALLOW',
  'PRECEPTOR_RATE_LIMITS',
  'PRECEPTOR_TRUSTED_PROXIES',
  'PRECEPTOR_ALLOWED_HOSTS',
  'PRECEPTOR_JWT_ISSUER',
  'PRECEPTOR_OIDC_ISSUER',
] as const

/** `preceptor info`: what a report of a problem needs, and nothing that is secret. */
export const info: Command = {
  name: 'info',
  words: [],
  summary: 'Print what a report of a problem needs: releases and what is set, no addresses, no keys, no names',
  flags: SERVER_FLAGS,
  async run(call) {
    const { findInstalled } = await import('../doctor/installation.ts')
    const installed = await findInstalled(process.cwd(), isTold)
    const packages = [...new Set(installed.map(({ name, version }) => `${name} ${version}`))].sort()
    const json = {
      preceptor: ownVersion(),
      node: process.versions.node,
      platform: `${platform()} ${release()} ${arch()}`,
      packages,
      set: VARIABLES.filter((name) => Boolean(call.host.env[name])),
      production: call.host.env.NODE_ENV === 'production',
      server: await serverState(call),
    }
    const text = listing([
      ['preceptor', json.preceptor],
      ['Node', json.node],
      ['Platform', json.platform],
      ['Packages', packages.length === 0 ? 'none here' : packages.join(', ')],
      ['Set', json.set.length === 0 ? 'nothing' : json.set.join(', ')],
      ['Production', json.production ? 'yes' : 'no'],
      ['Server', json.server],
    ])
    await call.print({ text, json })
    return 0
  },
}

function isTold(name: string): boolean {
  return name.startsWith('@preceptor/') || /^(hono|zod|langchain|@langchain\/core|bullmq|drizzle-orm|pg)$/.test(name)
}

/** Whether one answers, and if not, by which code. */
async function serverState(call: CommandCall): Promise<string> {
  try {
    const { governor } = await connectToServer(call)
    return (await governor.health()).ready ? 'ready' : 'not ready'
  } catch (error) {
    return String(Object(error).code ?? 'unknown')
  }
}
