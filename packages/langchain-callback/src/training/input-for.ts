import { HumanMessage } from '@langchain/core/messages'
import type { ScenarioQuestion } from '@preceptor/client'
import { read } from './read.ts'

const DEEPEST = 16
const FORM = 'Reply with the answer alone, as JSON where the task gives a form.'

/** What a runnable is asked with, in the form that it takes. */
export function inputFor(runnable: unknown, question: ScenarioQuestion): unknown {
  const { task, topic, capability } = question
  const input = JSON.stringify(question.input, null, 2)
  const messages = [new HumanMessage(`${task}\n\nInput:\n${input}\n\n${FORM}`)]
  const first = firstOf(runnable)
  if (isModel(first)) return messages
  return isGraph(first) || isGraph(read(first, 'graph')) ? { messages } : { task, input, topic, capability, messages }
}

/** What meets the input first, inside of sequences, bindings, retries and fallbacks. */
function firstOf(runnable: unknown): unknown {
  let inner = runnable
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const next = read(read(inner, 'steps'), '0') ?? read(inner, 'bound') ?? read(inner, 'runnable')
    if (next === undefined) break
    inner = next
  }
  return inner
}

const isModel = (runnable: unknown): boolean => typeof read(runnable, '_modelType') === 'function'

const isGraph = (runnable: unknown): boolean => read(runnable, 'lg_is_pregel') === true
