import { redactText } from '@preceptor/client'
import type { ChatMessage, ChatModel } from '@preceptor/core'
import { chatModelName } from '@preceptor/core/plugin'
import type { Format } from '../formats/format.ts'
import { askModel } from '../models/ask-model.ts'
import type { ImprovementWork, Strategy } from '../strategies/strategy.ts'
import type { Templates } from '../templates/create-templates.ts'

/** What an answer is improved with. */
export interface ImprovementTools {
  readonly model: ChatModel
  readonly strategy: Strategy
  readonly format: Format
  readonly templates: Templates
  readonly timeoutMs: number
  /** In characters; a longer answer is none. */
  readonly longestAnswer: number
  readonly signal?: AbortSignal | undefined
}

/** What came of having an answer improved; only `improved` has a text, and it is the model's own. */
export type Improvement =
  | { readonly state: 'improved'; readonly answer: string; readonly improvedBy: string }
  /** The model gave back the answer as it was. */
  | { readonly state: 'unchanged'; readonly reason: string }
  /** There is no model, it failed, or it took too long. */
  | { readonly state: 'outage'; readonly reason: string }
  /** What it said is no whole text, such as a refusal. */
  | { readonly state: 'invalid'; readonly reason: string }
  | { readonly state: 'empty'; readonly reason: string }
  | { readonly state: 'oversized'; readonly reason: string }

/** What the improver is asked: the system message of the strategy, then the parts of the work. Secrets are taken out. */
function improvementMessages(
  work: ImprovementWork,
  { strategy, format, templates }: Pick<ImprovementTools, 'strategy' | 'format' | 'templates'>,
): readonly ChatMessage[] {
  const { template, guidance } = strategy.prompt
  const values = { guidance: guidance.map((rule) => `- ${rule}`).join('\n') }
  const sections = strategy.prompt.sections(work, format)
  const content = sections.map(({ title, text }) => `# ${title}\n${redactText(quoted(text))}`).join('\n\n')
  return [
    { role: 'system', content: templates.render(template, values) },
    { role: 'user', content },
  ]
}

/** Has a chat model correct an answer; never throws for what the model does. */
export async function improveResponse(work: ImprovementWork, tools: ImprovementTools): Promise<Improvement> {
  const { model, format, timeoutMs, longestAnswer, signal } = tools
  const messages = improvementMessages(work, tools)
  const said = await askModel(model, { messages, timeoutMs, longestReply: longestAnswer, signal })
  if (said.result !== 'answered') return { state: said.result, reason: said.reason }
  const answer = format.unwrap(said.text)
  if (answer.trim() === '') return { state: 'empty', reason: 'The chat model gave an empty answer.' }
  if (answer === format.unwrap(work.original)) {
    return { state: 'unchanged', reason: 'The chat model gave back the answer as it was.' }
  }
  return { state: 'improved', answer, improvedBy: chatModelName(model) }
}

/** A heading within a part must not look like the beginning of the next part. */
function quoted(text: string): string {
  return text.replace(/^# /gm, ' # ')
}
