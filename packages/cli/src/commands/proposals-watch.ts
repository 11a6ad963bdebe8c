import type { JournalEntry } from '@preceptor/client'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { plain } from '../table.ts'

/** `preceptor proposals watch`: what becomes of proposals, as it happens. */
export const proposalsWatch: Command = {
  name: 'proposals watch',
  words: [],
  summary: 'Follow what becomes of proposals until it is interrupted; with --json one line of JSON for each event',
  flags: CONNECTION_FLAGS,
  endsItself: true,
  async run(call) {
    const { host, flags } = call
    const { scope } = await connect(call)
    const subscription = await scope.events.subscribe({ signal: host.ended })
    if (host.ended.aborted) return 0
    host.note('waiting for proposals; Ctrl-C ends it')
    try {
      for await (const event of subscription) {
        if (!event.kind.startsWith('proposal.')) continue
        await host.print(flags.json === true ? JSON.stringify(event) : lineOf(event))
      }
    } catch (error) {
      if (!host.ended.aborted) throw error
    }
    return 0
  },
}

function lineOf({ recordedAt, kind, subjectId, agent, body }: JournalEntry): string {
  const [action, risk, actor] = ['action', 'risk', 'actor'].map((name) => body[name])
  const parts = [recordedAt, kind, subjectId, agent, action, risk, actor].filter((part) => typeof part === 'string')
  return plain(parts.join('  '))
}
