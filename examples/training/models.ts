import { type ModelScript, startModelServer } from '../model-server.ts'
import type { ModelAccess } from '../open-model.ts'
import { solve } from './solve.ts'

/** The models that drive the students. */
export interface Models {
  /** A real one where it was given, else the scripted one that works its answers out. */
  readonly diligent: ModelAccess
  /** A scripted one that answers in the right form, and mostly guesses. */
  readonly hasty: ModelAccess
  close(): Promise<void>
}

const DILIGENT = 'scripted-diligent'
const HASTY = 'scripted-hasty'
const TASK = /^Refund order (\w+): (\d+) cents\.$/
const INPUT = /\n\nInput:\n([\s\S]*\})\n/

/** Starts the server of the scripted models, which speaks the protocol of OpenAI. */
export async function openModels(real: ModelAccess | undefined): Promise<Models> {
  const server = await startModelServer(script)
  const scripted = (name: string): ModelAccess => ({ name, apiKey: 'none', baseUrl: server.url })
  return { diligent: real ?? scripted(DILIGENT), hasty: scripted(HASTY), close: () => server.close() }
}

/** A task is done with the tool, what the tool says is passed on, and a test case is answered from what it gives. */
const script: ModelScript = ({ model, messages }) => {
  const last = messages.at(-1)
  const text = String(last?.content ?? '')
  if (last?.role === 'tool') return { text }
  const [, order, cents] = TASK.exec(text) ?? []
  if (order !== undefined) {
    return { calls: [{ id: `call_${messages.length}`, name: 'refund', args: { order, cents: Number(cents) } }] }
  }
  const input: unknown = JSON.parse(INPUT.exec(text)?.[1] ?? 'null')
  const solved = model === HASTY && !isSum(input) ? { decision: 'refund', cents: 100_000 } : solve(input)
  return { text: `\`\`\`json\n${JSON.stringify(solved)}\n\`\`\`` }
}

/** The hasty one can add up. */
function isSum(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'items' in input
}
