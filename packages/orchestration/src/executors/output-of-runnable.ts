import { lastingFault, StepFault } from '../faults/step-fault.ts'

const WAITS =
  'The runnable waits for a person in the middle of its run: ask people with an approval step of the workflow instead.'
const INTERRUPTS = new Set(['GraphInterrupt', 'NodeInterrupt'])

/**
 * What a runnable of LangChain said: the structured response of an agent, else the text that it said last, else the value.
 *
 * @throws StepFault where it said nothing.
 */
export function outputOfRunnable(result: unknown): unknown {
  if (isMessage(result)) return spoken(textOf(result))
  const structured = read(result, 'structuredResponse')
  if (structured !== undefined) return structured
  const messages = read(result, 'messages')
  if (!Array.isArray(messages)) return result
  return spoken(textOf(messages.findLast((message) => isMessage(message) && typeOf(message) === 'ai')))
}

/** @throws StepFault where a run of LangGraph stands because it asks a person: nobody would ever answer it there. */
export function assertNotWaiting(result: unknown): void {
  const interrupts = read(result, '__interrupt__')
  if (Array.isArray(interrupts) && interrupts.length > 0) throw lastingFault(WAITS)
}

/** The fault that a question to people is where it comes as an error; undefined for any other error. */
export function faultOfInterrupt(error: unknown): StepFault | undefined {
  return INTERRUPTS.has(String(read(error, 'name'))) ? lastingFault(WAITS) : undefined
}

function spoken(text: string): string {
  if (text.trim() === '') throw new StepFault('The runnable said nothing.')
  return text
}

function isMessage(value: unknown): boolean {
  return typeof typeOf(value) === 'string' && read(value, 'content') !== undefined
}

/** Messages of LangChain have a method for it, those of older versions one of another name. */
function typeOf(value: unknown): unknown {
  const type = read(value, 'getType') ?? read(value, '_getType')
  return typeof type === 'function' ? type.call(value) : undefined
}

/** Parts that are no text, such as reasoning, are not what was said. */
function textOf(message: unknown): string {
  const content = read(message, 'content')
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (read(part, 'type') === 'text' ? String(read(part, 'text') ?? '') : '')).join('')
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
