import type { JournalPorts } from '../journal/ports.ts'
import { sealWorkspace } from '../journal/seal.ts'

/** Seals what waits in a workspace, unless another sealer does; gives how many rows. */
export async function sealJournal(context: JournalPorts, workspace: string): Promise<number> {
  let total = 0
  for (;;) {
    const result = await sealWorkspace(context, workspace)
    if (result.outcome === 'busy') return total
    total += result.count
    if (!result.more) return total
  }
}
