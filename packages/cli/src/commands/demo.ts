import { type Command, type CommandCall, textOf } from '../command.ts'
import { demoFolderOf, demoStateOf, removeDemoFolder } from '../demo/demo-folder.ts'
import { DATA_FOLDER } from '../place.ts'

const FLAGS = {
  'data-folder': { value: '<folder>', summary: `folder that the demo stands in; default ${DATA_FOLDER}` },
} as const

const add: Command = {
  name: 'demo add',
  words: [],
  summary: 'Write a small world to look at, into a database of its own beside yours; "dev --demo" serves it',
  flags: FLAGS,
  async run(call) {
    const folder = folderOf(call)
    const { countDemo, describeCount, openDemo } = await import('../demo/open-demo.ts')
    const { governor, added } = await openDemo(call, folder)
    try {
      const holds = await countDemo(governor)
      const done = added ? 'Wrote the demo' : 'There is a demo already'
      const text = `${done}, in ${folder}: ${describeCount(holds)}.\nLook at it with: preceptor dev --demo`
      await call.print({ text, json: { folder, added, holds } })
    } finally {
      await governor.close()
    }
    return 0
  },
}

const remove: Command = {
  name: 'demo remove',
  words: [],
  summary: 'Remove the demo with all that was done in it; your own data is in another database, and stays',
  flags: FLAGS,
  async run(call) {
    const folder = folderOf(call)
    if ((await demoStateOf(folder)) === 'absent') {
      const text = `There is no demo in ${folder}. Nothing was removed.`
      await call.print({ text, json: { folder, removed: false, held: null } })
      return 0
    }
    const { countBefore, describeCount } = await import('../demo/open-demo.ts')
    const held = await countBefore(call, folder)
    await removeDemoFolder(folder)
    const what = held === null ? 'what it held cannot be read' : describeCount(held)
    const text = `Removed the demo, which was in ${folder}: ${what}.\nYour own data was never part of it.`
    await call.print({ text, json: { folder, removed: true, held } })
    return 0
  },
}

/** `preceptor demo …`: a world of its own, which goes as a whole. */
export const demoCommands: readonly Command[] = [add, remove]

function folderOf(call: Pick<CommandCall, 'flags'>): string {
  return demoFolderOf(textOf(call, 'data-folder') ?? DATA_FOLDER)
}
