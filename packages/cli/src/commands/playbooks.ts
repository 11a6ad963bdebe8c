import { visibleJson } from '@preceptor/client'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'
import { PAGE_FLAGS, pageQueryOf, printPage } from './paging.ts'

const list: Command = {
  name: 'playbooks list',
  words: [],
  summary: 'List the playbooks, newest first',
  flags: { ...CONNECTION_FLAGS, ...PAGE_FLAGS },
  async run(call) {
    const query = pageQueryOf(call)
    const { scope } = await connect(call)
    await printPage(call, await scope.playbooks.list(query), {
      noun: 'playbooks',
      headings: ['PLAYBOOK', 'AGENT TYPE', 'NEWEST', 'BY', 'CREATED', 'NAME'],
      row: (one) => [one.id, one.agentType, String(one.latest), one.createdBy, one.createdAt, one.name ?? '-'],
    })
    return 0
  },
}

const show: Command = {
  name: 'playbooks show',
  words: ['ID'],
  summary: 'Show a playbook with its newest version',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    const playbook = await scope.playbooks.get(call.words[0] ?? '')
    const version = await scope.playbooks.version(playbook.id, playbook.latest)
    const facts = listing([
      ['Playbook', playbook.id],
      ['For', playbook.agentType],
      ['Name', playbook.name ?? '-'],
      ['Newest', String(playbook.latest)],
    ])
    await call.print({ text: `${facts}\n\n${visibleJson(version, 2)}`, json: { playbook, version } })
    return 0
  },
}

/** `preceptor playbooks …`. */
export const playbookCommands: readonly Command[] = [list, show]
