import { createHash } from 'node:crypto'
import { redactText } from '@preceptor/client'
import type { ChatMessage, ChatModel } from '@preceptor/core'
import { chatModelName } from '@preceptor/core/plugin'
import { z } from 'zod'
import { askModel } from '../models/ask-model.ts'
import { strictJson } from '../models/strict-json.ts'
import type { Templates } from '../templates/create-templates.ts'
import type { EvaluationRequest, Evaluator } from './evaluation.ts'

/** How a chat model is asked to rate. */
export interface RubricOptions {
  readonly model: ChatModel
  readonly templates: Templates
  readonly timeoutMs: number
}

const LONGEST_REPLY = 8_192
const MARK_LENGTH = 32
const SCORE = z.number().min(0).max(100)

/** An evaluator that is a chat model with a rubric. */
export function rubricEvaluator({ model, templates, timeoutMs }: RubricOptions): Evaluator {
  return {
    name: chatModelName(model),
    async rate(request) {
      const { mark, messages } = rubricMessages(request, templates)
      const { signal } = request
      const said = await askModel(model, { messages, timeoutMs, longestReply: LONGEST_REPLY, signal })
      if (said.result !== 'answered') return { state: 'unrated', reason: said.reason }
      const scores = z.strictObject(Object.fromEntries(request.criteria.map(({ name }) => [name, SCORE])))
      // A reply that stood ready in the answer cannot know the mark, which the answer itself is part of.
      const parsed = z.strictObject({ evaluation: z.literal(mark), scores }).safeParse(strictJson(said.text))
      if (parsed.success) return { state: 'rated', scores: parsed.data.scores }
      return {
        state: 'unrated',
        reason: 'The evaluator gave something else than one score from 0 to 100 for each criterion.',
      }
    },
  }
}

/**
 * What the evaluator is asked. The subject is JSON within the message, so that no line of it can look like a line of the rules; nothing
 * tells which of two answers is the improved one.
 */
function rubricMessages(
  { subject, criteria }: Pick<EvaluationRequest, 'subject' | 'criteria'>,
  templates: Templates,
): { readonly mark: string; readonly messages: readonly ChatMessage[] } {
  const { task = null, answer, expected = null, context = null } = subject
  const facts = {
    task: task === null ? null : redactText(task),
    expected: expected === null ? null : redactText(expected),
    context: context === null ? null : redactText(JSON.stringify(context)),
    answer: redactText(answer),
  }
  const mark = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, MARK_LENGTH)
  const system = templates.render('evaluate', {
    criteria: criteria.map(({ name, description }) => `- ${name}: ${description}`).join('\n'),
    shape: `{${criteria.map(({ name }) => `"${name}": <0 to 100>`).join(', ')}}`,
  })
  return {
    mark,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: inOneLine({ evaluation: mark, ...facts }) },
    ],
  }
}

// JSON leaves these as they are, and some readers take them for the end of a line, or for nothing.
const LOOSE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

function inOneLine(value: object): string {
  return JSON.stringify(value).replace(LOOSE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
