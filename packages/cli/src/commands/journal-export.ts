import { open } from 'node:fs/promises'
import { type ControlScope, GovernanceError, type JournalEntry, type JournalQuery } from '@preceptor/client'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { CSV_HEADINGS, csvRow } from '../csv.ts'
import { wholeNumber } from './paging.ts'

const FORMATS = ['jsonl', 'csv'] as const

/** `preceptor journal export`: the sealed rows in the order of the chain, a page at a time. */
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
    const after = wholeNumber('after', textOf(call, 'after') ?? '0', { from: 0, to: Number.MAX_SAFE_INTEGER })
    const { scope } = await connect(call)
    const entries = exported(scope, queryOf(call, after))
    if (output === undefined) {
      await write(call, entries, (lines) => call.host.print(lines))
      return 0
    }
    const written = await writeFile(call, entries, output)
    const text = `${written.rows} rows, up to ${written.last ?? after}, in ${output}`
    await call.print({ text, json: { file: output, after, ...written } })
    return 0
  },
}

interface Written {
  readonly rows: number
  /** Sequence of the last row. */
  readonly last: number | null
}

function queryOf(call: CommandCall, after: number): JournalQuery {
  const [agent, kind] = [textOf(call, 'agent'), textOf(call, 'kind')]
  return { after, limit: 100, ...(agent === undefined ? {} : { agent }), ...(kind === undefined ? {} : { kind }) }
}

/** Pages up to the end that the journal has at first: one that grows faster than it is read is exported, too. */
async function* exported(scope: ControlScope, query: JournalQuery): AsyncGenerator<readonly JournalEntry[]> {
  const end = await endOf(scope)
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await scope.journal.list({ ...query, ...(cursor === undefined ? {} : { cursor }) })
    const entries = page.items.filter(({ sequence }) => sequence !== null && sequence <= end)
    yield entries
    cursor = entries.length < page.items.length ? null : page.next
  }
}

async function endOf(scope: ControlScope): Promise<number> {
  const controller = new AbortController()
  try {
    return (await scope.events.subscribe({ signal: controller.signal })).position
  } finally {
    controller.abort()
  }
}

async function write(
  call: CommandCall,
  pages: AsyncIterable<readonly JournalEntry[]>,
  put: (lines: string) => Promise<void>,
): Promise<Written> {
  const isCsv = textOf(call, 'format') === 'csv'
  let [rows, last]: [number, number | null] = [0, null]
  if (isCsv) await put(CSV_HEADINGS)
  for await (const entries of pages) {
    if (entries.length === 0) continue
    await put(entries.map((entry) => (isCsv ? csvRow(entry) : JSON.stringify(entry))).join('\n'))
    rows += entries.length
    last = entries.at(-1)?.sequence ?? last
  }
  return { rows, last }
}

async function writeFile(
  call: CommandCall,
  pages: AsyncIterable<readonly JournalEntry[]>,
  path: string,
): Promise<Written> {
  const file = await open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EEXIST' ? 'it is there already' : `it cannot be written (${cause.code})`
    throw new GovernanceError('OPTION_INVALID', { message: `Option --output: ${path}: ${why}.` })
  })
  try {
    return await write(call, pages, async (lines) => void (await file.write(`${lines}\n`)))
  } finally {
    await file.close()
  }
}
