import { open } from 'node:fs/promises'
import { GovernanceError, type JournalExportQuery } from '@preceptor/client'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { wholeNumber } from './paging.ts'

const FORMATS = ['jsonl', 'csv'] as const

/** `preceptor journal export`: the sealed rows in the order of the chain, as the server streams them. */
export const journalExport: Command = {
  name: 'journal export',
  words: [],
  summary: 'Write the sealed rows of the journal, oldest first, as JSON lines or CSV',
  flags: {
    ...CONNECTION_FLAGS,
    format: { value: '<format>', summary: 'default jsonl', choices: FORMATS },
    after: { value: '<sequence>', summary: 'only rows after this one; default 0' },
    agent: { value: '<id>', summary: 'only rows about this agent' },
    kind: { value: '<kind>', summary: 'only rows of this kind, such as decision.made' },
    output: { value: '<file>', summary: 'write a new file, readable by you only; default standard output' },
  },
  async run(call) {
    const output = textOf(call, 'output')
    if (output === undefined && call.flags.json === true) {
      throw new GovernanceError('OPTION_INVALID', {
        message: 'Option --json: the rows go to standard output, which then holds no one JSON document.',
        hint: 'Give --output <file> too, or leave --json out.',
      })
    }
    const query = queryOf(call)
    const { scope } = await connect(call)
    const read = () => scope.journal.export(query)
    if (output === undefined) {
      // Whoever prints ends the line.
      await writePieces(await read(), (text) => call.host.print(text.replace(/\n$/, '')))
      return 0
    }
    const rows = await writeFile(read, output)
    await call.print({ text: `${rows} rows, in ${output}`, json: { file: output, after: query.after, rows } })
    return 0
  },
}

function queryOf(call: CommandCall): JournalExportQuery & { readonly after: number } {
  const [agent, kind] = [textOf(call, 'agent'), textOf(call, 'kind')]
  return {
    format: textOf(call, 'format') === 'csv' ? 'csv' : 'jsonl',
    after: wholeNumber('after', textOf(call, 'after') ?? '0', { from: 0, to: Number.MAX_SAFE_INTEGER }),
    ...(agent === undefined ? {} : { agent }),
    ...(kind === undefined ? {} : { kind }),
  }
}

/** Puts whole lines, as they come; gives how many rows they were, after the first line. */
async function writePieces(pieces: AsyncIterable<string>, put: (text: string) => Promise<void>): Promise<number> {
  let [lines, rest] = [0, '']
  for await (const piece of pieces) {
    const text = rest + piece
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    if (end === 0) continue
    lines += text.slice(0, end).split('\n').length - 1
    await put(text.slice(0, end))
  }
  return Math.max(0, lines - 1)
}

/** Opens the file first: what cannot be kept is not read, and so is not on record as read. */
async function writeFile(read: () => Promise<AsyncIterable<string>>, path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EEXIST' ? 'it is there already' : `it cannot be written (${cause.code})`
    throw new GovernanceError('OPTION_INVALID', { message: `Option --output: ${path}: ${why}.` })
  })
  try {
    return await writePieces(await read(), async (text) => void (await file.write(text)))
  } finally {
    await file.close()
  }
}
