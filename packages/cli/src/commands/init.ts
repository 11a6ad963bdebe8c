import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import { type Command, choiceOf, textOf } from '../command.ts'
import type { Runtime } from '../init/starters.ts'

const RUNTIMES: readonly Runtime[] = ['langchain', 'hono', 'mcp', 'bullmq']
const PACKAGE = `${JSON.stringify({ name: 'governed', private: true, type: 'module' }, null, 2)}\n`

/** `preceptor init`: a starter beside whatever is there. */
export const init: Command = {
  name: 'init',
  words: [],
  summary: 'Write a small program under the gate and a policy for it; what is there already is kept as it is',
  flags: {
    for: { value: '<runtime>', summary: 'what it is made with', required: true, choices: RUNTIMES },
    folder: { value: '<folder>', summary: 'where; default the present one' },
  },
  async run(call) {
    const runtime = choiceOf(call, 'for', RUNTIMES) ?? 'hono'
    const folder = resolve(textOf(call, 'folder') ?? '.')
    const { STARTERS } = await import('../init/starters.ts')
    const { policyFileSchema } = await import('../policy/policy-file-schema.ts')
    const { file, text, packages, policy } = STARTERS[runtime]
    const files: readonly (readonly [string, string])[] = [
      ['package.json', PACKAGE],
      ['policy.yaml', policy],
      ['policy.schema.json', `${JSON.stringify(policyFileSchema(), null, 2)}\n`],
      [file, text],
    ]
    await mkdir(folder, { recursive: true }).catch(refused(folder))
    const [written, kept]: [string[], string[]] = [[], []]
    for (const [name, content] of files) {
      const isNew = await writeNew(join(folder, name), content)
      ;(isNew ? written : kept).push(name)
    }
    const next = [`npm install ${packages.join(' ')}`, `node ${file}`]
    const said = [...written.map((name) => `wrote  ${name}`), ...kept.map((name) => `kept   ${name}, which was there`)]
    await call.print({
      text: `${said.join('\n')}\n\nNext, in ${folder}:\n  ${next.join('\n  ')}`,
      json: { folder, runtime, written, kept, next },
    })
    return 0
  },
}

/** Whether a file was written: one that is there is left alone, in one step. */
async function writeNew(path: string, text: string): Promise<boolean> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
  const file = await open(path, flags, 0o644).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') return undefined
    return refused(path)(cause)
  })
  if (file === undefined) return false
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
  return true
}

function refused(path: string): (cause: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    throw new GovernanceError('OPTION_INVALID', { message: `${path} cannot be written (${code}).` })
  }
}
