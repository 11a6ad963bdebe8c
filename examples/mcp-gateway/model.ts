import type { ModelScript } from '../model-server.ts'

const TASK = /Write (".*?") to (\S+)\./

/** What the agent is asked to do. */
export function taskOf({ path, content }: { readonly path: string; readonly content: string }): string {
  return `Write ${JSON.stringify(content)} to ${path}.`
}

/** Writes what was asked for last, once for each time that it is asked, and passes on what the tool said. */
export const script: ModelScript = ({ messages }) => {
  const last = messages.at(-1)
  if (last?.role === 'tool') return { text: String(textOf(last.content)) }
  const asked = messages.flatMap(({ role, content }) => (role === 'user' ? [TASK.exec(textOf(content))] : []))
  const [, content = '""', path = ''] = asked.findLast((match) => match !== null) ?? []
  return {
    calls: [{ id: `call_${messages.length}`, name: 'write_file', args: { path, content: JSON.parse(content) } }],
  }
}

/** The text of a message, whose content is a text or a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  const parts: readonly unknown[] = Array.isArray(content) ? content : []
  return parts.map((part) => String(Object(part).text ?? '')).join('')
}
