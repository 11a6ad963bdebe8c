import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GovernanceError } from '@preceptor/client'

const NAME = 'demo'
const MARK = 'demo.json'

/** Whether the demo of a folder is there, and written to its end. */
export type DemoState = 'absent' | 'partial' | 'ready'

/** Where the demo is that stands beside the data of a folder: a folder of its own, with a database of its own. */
export function demoFolderOf(dataFolder: string): string {
  return join(resolve(dataFolder), NAME)
}

/**
 * Says whether the demo is there.
 *
 * @throws GovernanceError `OPTION_INVALID` for a folder that is something else: it is not written to, and not removed.
 */
export async function demoStateOf(folder: string): Promise<DemoState> {
  const found = await lstat(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw foreign(folder, `it cannot be read (${cause.code})`)
  })
  if (found === undefined) return 'absent'
  if (!found.isDirectory()) throw foreign(folder, 'it is no folder')
  const state = await readState(join(folder, MARK))
  if (state !== undefined) return state
  if ((await readdir(folder)).length === 0) return 'absent'
  throw foreign(folder, 'it is no demo')
}

/** Marks a folder as that of a demo, before anything else is in it. */
export async function markDemo(folder: string, state: Exclude<DemoState, 'absent'>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, MARK), `${JSON.stringify({ demo: state })}\n`, { mode: 0o600 })
}

/** Removes the folder with all that is in it; nobody may have it open. */
export async function removeDemoFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

async function readState(path: string): Promise<Exclude<DemoState, 'absent'> | undefined> {
  try {
    const { demo } = JSON.parse(await readFile(path, 'utf8'))
    return demo === 'ready' || demo === 'partial' ? demo : undefined
  } catch {
    return undefined
  }
}

function foreign(folder: string, why: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', {
    message: `${folder} is left as it is: ${why}.`,
    hint: 'Move it away, or name another folder with --data-folder.',
  })
}
