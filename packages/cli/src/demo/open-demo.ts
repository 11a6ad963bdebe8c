import { type ControlScope, GovernanceError } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import type { CommandCall } from '../command.ts'
import { openGovernor } from '../open-governor.ts'
import { DEMO_ACTIONS } from './demo-actions.ts'
import { demoStateOf, markDemo, removeDemoFolder } from './demo-folder.ts'
import { writeWorld } from './write-world.ts'

// It is written in one go, also by a machine that is busy.
const DEADLINE_MS = 20_000

/** What the demo holds. */
export interface DemoCount {
  readonly agents: number
  readonly proposals: number
  readonly trainingProposals: number
  readonly sessions: number
  readonly queueEntries: number
}

/** A demo that is open. */
export interface OpenDemo {
  readonly governor: EmbeddedGovernor
  /** Whether it was written just now. */
  readonly added: boolean
}

/**
 * Opens the demo in a folder, and writes it where there is none; one that was not written to its end is begun anew.
 *
 * @throws GovernanceError `OPTION_INVALID` for a folder that is something else, `DATA_FOLDER_LOCKED` while another
 * process has it, or the code of a fault.
 */
export async function openDemo(call: Pick<CommandCall, 'host'>, folder: string): Promise<OpenDemo> {
  const state = await demoStateOf(folder)
  if (state === 'ready') return { governor: await open(call, folder), added: false }
  if (state === 'partial') {
    // Whoever writes it at this moment holds the folder.
    await (await open(call, folder)).close()
    await removeDemoFolder(folder)
  }
  await markDemo(folder, 'partial')
  const governor = await open(call, folder)
  try {
    await writeWorld(governor)
    await markDemo(folder, 'ready')
    return { governor, added: true }
  } catch (error) {
    await governor.close()
    throw error
  }
}

/** Counts what the demo holds. */
export async function countDemo(governor: EmbeddedGovernor): Promise<DemoCount> {
  const scope: ControlScope = governor.as({
    workspace: 'default',
    principal: { kind: 'system', id: 'demo', roles: [] },
  })
  const all = { limit: 100 }
  return {
    agents: (await scope.agents.list(all)).items.length,
    proposals: (await scope.proposals.list(all)).items.length,
    trainingProposals: (await scope.trainingProposals.list(all)).items.length,
    sessions: (await scope.sessions.list(all)).items.length,
    queueEntries: (await scope.queue.list(all)).items.length,
  }
}

/**
 * Counts what goes with a demo, which nobody else may have open; null where it cannot be opened any more.
 *
 * @throws GovernanceError `DATA_FOLDER_LOCKED` while a process has it.
 */
export async function countBefore(call: Pick<CommandCall, 'host'>, folder: string): Promise<DemoCount | null> {
  try {
    const governor = await open(call, folder)
    try {
      return await countDemo(governor)
    } finally {
      await governor.close()
    }
  } catch (error) {
    if (GovernanceError.isInstance(error) && error.code === 'DATA_FOLDER_LOCKED') throw error
    return null
  }
}

/** In words, as a command says it. */
export function describeCount({ agents, proposals, trainingProposals, sessions, queueEntries }: DemoCount): string {
  return (
    `agents: ${agents}, proposals: ${proposals}, courses: ${trainingProposals}, ` +
    `supervised sessions: ${sessions}, queued runs: ${queueEntries}`
  )
}

function open(call: Pick<CommandCall, 'host'>, dataFolder: string): Promise<EmbeddedGovernor> {
  return openGovernor(call, { dataFolder }, { actions: DEMO_ACTIONS, settings: { deadlineMs: DEADLINE_MS } })
}
